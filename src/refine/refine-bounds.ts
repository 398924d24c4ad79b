import {boundLayers} from '../bounds/bound-layers.js'
import {countRegions, layerCounts, type RegionCounts} from '../bounds/count-regions.js'
import {countFlats} from '../bounds/flats/index.js'
import {once} from '../common/once.js'
import {ballCoordinates} from '../exact/ball-coordinates.js'
import {hostProgram} from '../exact/host-program.js'
import {valuesPerPoint} from '../forward/forward.js'
import {pullsBack} from '../measure.js'
import {inputShapeOf, type Network} from '../network.js'
import type {Counting, Method} from '../options.js'
import {type PointsLike, readPoints} from '../points.js'
import {findBottlenecks} from '../program/bottlenecks.js'
import {joined} from '../radii/at-each-radius.js'
import {withSession} from '../session.js'
import {cellBounds} from './bound-cells.js'
import {type RefineBudget, refineBall} from './refine-ball.js'
import {refineOnBackend} from './refine-on-backend.js'

/** Up to so many inputs exact geometry alone is the better way, as was measured; see docs/tightness.md. */
const mostInputs = 5

/** Numbers that describe the affine pieces of a network, above which exact geometry takes many milliseconds a cell. */
const mostCoefficients = 2 ** 16

interface Refinement {
  readonly method: Method
  readonly counting: Counting
  readonly memory: number
  readonly budget: RefineBudget
  /** Where cells are bounded first. Default: on the host for up to 5 inputs, else on the backend. */
  readonly place?: 'host' | 'backend'
}

/**
 * Bounds all balls on the backend, then splits them: of up to 5 inputs one after the other on the host, of more all together
 * on the backend. What is left of the budget where nothing can be split there any more is the host's, if the network is
 * small.
 */
export async function refineBounds(
  network: Network,
  centers: PointsLike,
  radius: Float64Array,
  {method, counting, memory, budget, place}: Refinement,
): Promise<RegionCounts> {
  const points = await readPoints('centers', centers, inputShapeOf(network))
  return withSession(network, points, memory, async ({tools, eachChunk}) => {
    const {program} = tools
    const {inputSize} = program
    const onHost = once(() => hostProgram(program))
    const bottlenecks = findBottlenecks(program)
    const first = place ?? (inputSize <= mostInputs ? 'host' : 'backend')
    const small = (inputSize + 1) * valuesPerPoint(program) <= mostCoefficients
    const parts = await eachChunk('refine', async (forward, start) => {
      const {count, size, values} = forward.points
      const own = radius.subarray(start, start + count)
      const bounds = await boundLayers(tools, forward, own, method, undefined, false)
      const flats =
        counting === 'flats'
          ? await countFlats(tools, forward, own, bounds, pullsBack(method))
          : undefined
      const counts = countRegions(program, forward, bounds, flats)
      const {log2Regions} = counts
      const refineOnHost = (point: number, ms: number) => {
        const center = Float64Array.from(values.subarray(point * size, (point + 1) * size))
        const layers = layerCounts(program, forward, bounds, flats, bottlenecks, point)
        const input = ballCoordinates(center, own[point]!)
        const known = log2Regions[point]!
        log2Regions[point] = refineBall(onHost(), input, layers, known, {...budget, ms})
      }
      let open = [...log2Regions.keys()].filter((point) => log2Regions[point]! > 0)
      let {ms} = budget
      if (first === 'backend') {
        const bound = cellBounds(tools, forward.points, own, forward.roundoff, counting)
        const refined = await refineOnBackend(bound, open, log2Regions, budget)
        open = small ? refined.done : []
        ms = refined.ms / open.length
      }
      for (const point of open) if (ms > 0) refineOnHost(point, ms)
      return counts
    })
    const layers = program.kinks.map(({layer}) => layer)
    return {
      log2Regions: joined(parts.map(({log2Regions}) => log2Regions)),
      unstable: layers.map((l) => joined(parts.map(({unstable}) => unstable[l]!))),
      active: layers.map((l) => joined(parts.map(({active}) => active[l]!))),
    }
  })
}

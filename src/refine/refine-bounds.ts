import {joined} from '../at-each-radius.js'
import {findBottlenecks} from '../bottlenecks.js'
import {boundLayers} from '../bounds/bound-layers.js'
import {countRegions, layerCounts, type RegionCounts} from '../bounds/count-regions.js'
import {countFlats} from '../bounds/flats/index.js'
import {ballCoordinates} from '../exact/ball-coordinates.js'
import {hostProgram} from '../exact/host-program.js'
import {pullsBack, withSession} from '../measure.js'
import type {Network} from '../network.js'
import type {Counting, Method} from '../options.js'
import {type PointsLike, readPoints} from '../points.js'
import {type RefineBudget, refineBall} from './refine-ball.js'

interface Refinement {
  readonly method: Method
  readonly counting: Counting
  readonly memory: number
  readonly budget: RefineBudget
}

/** Bounds all balls on the backend, then refines one after the other on the host. */
export async function refineBounds(
  network: Network,
  centers: PointsLike,
  radius: Float64Array,
  {method, counting, memory, budget}: Refinement,
): Promise<RegionCounts> {
  const points = await readPoints('centers', centers, network.inputShape)
  return withSession(network, points, memory, async ({tools, eachChunk}) => {
    const {program} = tools
    const onHost = hostProgram(program)
    const bottlenecks = findBottlenecks(program)
    const parts = await eachChunk('refine', async (forward, start) => {
      const {count, size, values} = forward.points
      const own = radius.subarray(start, start + count)
      const bounds = await boundLayers(tools, forward, own, method, undefined, false)
      const flats =
        counting === 'flats'
          ? await countFlats(tools, forward, own, bounds, pullsBack(method))
          : undefined
      const counts = countRegions(program, forward, bounds, flats)
      for (let point = 0; point < count; point++) {
        if (counts.log2Regions[point] === 0) continue
        const center = Float64Array.from(values.subarray(point * size, (point + 1) * size))
        const layers = layerCounts(program, forward, bounds, flats, bottlenecks, point)
        const whole = counts.log2Regions[point]!
        const input = ballCoordinates(center, own[point]!)
        counts.log2Regions[point] = refineBall(onHost, input, layers, whole, budget)
      }
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

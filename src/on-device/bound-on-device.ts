import {
  add,
  minimum,
  mul,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
  zeros,
} from '@tensorflow/tfjs'
import type {BallProgram} from '../bounds/ball.js'
import type {LayerBounds} from '../bounds/bound-layers.js'
import {tighten, widened} from '../bounds/deviations.js'
import {type Sides, sidesAcross} from '../bounds/interval.js'
import {reachAcross} from '../bounds/unit-reach.js'
import {findNonFinite} from '../errors.js'
import type {Forward} from '../forward/forward.js'
import {roundingFactor} from '../forward/rounding.js'
import type {Deviations} from '../kinks/kink.js'
import type {Program} from '../program/program.js'
import {type Chain, chainOf} from '../pull/chain.js'
import {imageOf, type LineTensors, linesAcross, movingOnes} from './lines.js'
import {pullOpenUnits} from './pull-units.js'
import {readTogether} from './read-together.js'

/** What to bound, as `boundLayers` does by 'crown' or 'combined'. */
export interface DeviceRequest {
  readonly forward: Forward
  readonly radius: Float64Array
  readonly inflation: number
  /** Whether the cheap bounds go on from the best ones: 'combined'. */
  readonly together: boolean
  readonly balls: BallProgram | undefined
  readonly larger: LayerBounds | undefined
}

/** A program as a chain of maps and (leaky) ReLUs with slopes from 0 to 1, whose lines tensors can say; else undefined. */
export function leakyChain(program: Program): Chain | undefined {
  const chain = chainOf(program)
  const says = chain?.kinks.every(({kink: {leftSlopes}}) =>
    leftSlopes?.every((slope) => slope >= 0 && slope <= 1),
  )
  return says ? chain : undefined
}

/**
 * The bounds of `boundLayers` with one reading, at the end: nothing of a layer is read before the next one's bounds are made.
 * Per layer: the cheap bounds, then both rows of up to `rows` units that these leave open at each point, then the lines.
 *
 * @param rows per layer; 0 for the first one, whose cheap bounds are exact
 * @returns the bounds, and the points where more units were open, whose bounds are too wide; all of them where numbers
 *   have left float32
 */
export async function boundOnDevice(
  chain: Chain,
  request: DeviceRequest,
  rows: readonly number[],
): Promise<{readonly bounds: LayerBounds; readonly leftOpen: readonly number[]}> {
  const {forward, balls, larger} = request
  // Norms are computed once a snapshot.
  const reach = await Promise.all(chain.maps.map(({inputs}) => balls?.reach(inputs[0]!) ?? 1))
  const read = await readTogether(() => boundEach(chain, request, rows, reach))
  const bare = forward.kinks.map(
    (_, k): Deviations => ({below: read[3 * k]!, above: read[3 * k + 1]!}),
  )
  const deviations = bare.map((own, k) => {
    const wide = widened(own, forward.kinks[k]!.rounding)
    if (larger) tighten(wide, larger.deviations[k]!)
    return wide
  })
  const open = forward.kinks.map((_, k) => read[3 * k + 2]!)
  const whole = bare.map(({below, above}) => findNonFinite(below) + findNonFinite(above) === -2)
  const leftOpen = [...open[0]!.keys()].filter((point) =>
    open.some((own, layer) => own[point]! > rows[layer]! || !whole[layer]),
  )
  return {bounds: {deviations, bare, reported: []}, leftOpen}
}

/** Per layer: both sides, and how many units the cheap bounds left open at each point. */
function boundEach(
  chain: Chain,
  {forward, radius, inflation, together, balls, larger}: DeviceRequest,
  rows: readonly number[],
  reach: readonly number[],
): Tensor[] {
  const count = radius.length
  const radii = tensor2d(new Float32Array(radius), [count, 1])
  const lines: LineTensors[] = []
  const found: Tensor[] = []
  let image: Sides | undefined
  let passing: Tensor2D | undefined
  for (const {layer, units, kink, input} of chain.kinks) {
    const {map} = chain.maps[layer]!
    const {center, rounding} = forward.kinks[layer]!
    // Nothing is made of the last layer's lines, nor of its image.
    const leadsOn = layer < chain.kinks.length - 1
    const own = tidy(() => {
      const upload = (values: Float32Array) => tensor2d(values, [count, units])
      const uploaded = ({below, above}: Deviations) => ({
        below: upload(below),
        above: upload(above),
      })
      const z = upload(center)
      const slopes = Float32Array.from(kink.leftSlopes!)
      const leak = slopes.some((slope) => slope > 0)
        ? tensor2d(slopes, [1, slopes.length])
        : undefined
      const margin = upload(rounding)
      const known = larger && {
        bare: uploaded(larger.bare[layer]!),
        wide: uploaded(larger.deviations[layer]!),
      }
      let cheap = sidesAcross(map, [image], radii, 1 + roundingFactor(map.fanIn, forward.roundoff))
      if (balls) {
        const most = reachAcross(balls, input, [reach[layer]!], [passing])
        const side = mul(mul(most, radii), inflation) as Tensor2D
        cheap = tighter(cheap, {below: side, above: side})
      }
      const start = known ? tighter(cheap, known.bare) : cheap
      const onDevice = {chain, lines, radius: radii, inflation}
      const pulled =
        layer > 0
          ? pullOpenUnits(onDevice, layer, z, margin, start, rows[layer]!, leadsOn)
          : undefined
      const sides = pulled ?? start
      const bare = {below: sides.below, above: sides.above}
      const kept = {...bare, open: pulled?.open}
      if (!leadsOn) return kept
      const wider = widen(bare, margin)
      const wide = known ? tighter(wider, known.wide) : wider
      const out = imageOf({z, leak}, together ? bare : cheap)
      const moving = together ? wide : widen(cheap, margin)
      return {
        ...kept,
        onward: {
          image: out,
          lines: linesAcross({z, leak}, wide),
          passing: balls && kink.silent ? movingOnes(z, moving) : undefined,
        },
      }
    })
    found.push(own.below, own.above, own.open ?? zeros([count]))
    if (!('onward' in own)) break
    image = own.onward.image
    passing = own.onward.passing
    lines.push(own.onward.lines)
  }
  return found
}

function tighter(one: Sides, other: Sides): Sides {
  return {below: minimum(one.below, other.below), above: minimum(one.above, other.above)}
}

function widen({below, above}: Sides, margin: Tensor2D): Sides {
  return {below: add(below, margin), above: add(above, margin)}
}

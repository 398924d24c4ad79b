import {unitReach} from './bounds/ball.js'
import type {BoundTools} from './bounds/bound-layers.js'
import {refineDistances, type UnitDistance} from './distance64.js'
import type {Forward} from './forward.js'
import type {Lines} from './kinks/kink.js'
import type {Norm} from './options.js'
import type {KinkInstruction} from './program.js'
import {pullRows} from './pull-rows.js'
import type {WantedRow} from './row-grids.js'

/** The nearest boundary of every point. */
export interface Boundaries {
  /** `[points]`, in units of the input space; Infinity where no unit can ever change. */
  readonly distance: Float64Array
  /** Kinked layer of the unit whose boundary it is; -1 where the distance is infinite. */
  readonly layer: Int32Array
  /** The unit within the layer's flattened output; -1 likewise. */
  readonly unit: Int32Array
}

/** How many units of each deeper layer are tried first. */
const promising = 2

/**
 * The exact distance from each point to the nearest boundary of its activation region:
 *
 *     distance(x) = min over all units i of |z_i(x)| / ||grad_x z_i(x)||,
 *
 * with the norm dual to that of the input space. Most gradients need never be computed: a unit is at least
 * |z_i| / (||W_i restricted to what is on|| reach) away, where reach is a certified Lipschitz constant of
 * the layers before. First come the most promising units of each layer, then every unit whose lower bound
 * is still below its point's best. The answer is exact when none is left.
 */
export async function nearestBoundaries(
  tools: BoundTools,
  forward: Forward,
  norm: Norm,
): Promise<Boundaries> {
  const {program, memory} = tools
  const {count} = forward.points
  const slopes = program.kinks.map(({kink, layer}) => kink.slopes(forward.preActivations[layer]!))
  const tangents = slopes.map(asLines)
  const evaluated: UnitDistance[][] = Array.from({length: count}, () => [])
  const best = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
  const bounds: Float32Array[] = []

  const pull = (item: KinkInstruction, wanted: readonly WantedRow[]) =>
    pullRows(program, item.layer, wanted, tangents, norm, memory, ({point, unit}, _, length) => {
      const at = point * item.units + unit
      const z = Math.abs(forward.preActivations[item.layer]![at]!)
      const error = forward.rounding[item.layer]![at]!
      bounds[item.layer]![at] = Number.POSITIVE_INFINITY
      if (length === 0) return
      evaluated[point]!.push({layer: item.layer, unit, z, error, gradient: length})
      best[point] = Math.min(best[point]!, (z + error) / length)
    })

  for (const item of program.kinks) {
    const own = await lowerBounds(tools, forward, item, slopes)
    bounds.push(own)
    const first: WantedRow[] = []
    for (let point = 0; point < count; point++) {
      for (const unit of smallest(own, point * item.units, item.units, promising)) {
        if (own[point * item.units + unit]! <= best[point]!) first.push({point, unit, sign: 1})
      }
    }
    await pull(item, first)
  }
  for (const item of program.kinks) {
    const own = bounds[item.layer]!
    const wanted: WantedRow[] = []
    for (let at = 0; at < own.length; at++) {
      const point = Math.floor(at / item.units)
      if (own[at]! <= best[point]! && own[at]! < Number.POSITIVE_INFINITY) {
        wanted.push({point, unit: at % item.units, sign: 1})
      }
    }
    await pull(item, wanted)
  }
  return refineDistances(program, forward, evaluated)
}

/** Units of one point with the least bounds. */
function smallest(bounds: Float32Array, start: number, units: number, count: number): number[] {
  const found: number[] = []
  for (let unit = 0; unit < units; unit++) {
    const bound = bounds[start + unit]!
    if (bound === Number.POSITIVE_INFINITY) continue
    let place = found.length
    while (place > 0 && bounds[start + found[place - 1]!]! > bound) place--
    if (place >= count) continue
    found.splice(place, 0, unit)
    if (found.length > count) found.pop()
  }
  return found
}

/** A distance below which no boundary of each unit can be, `[points x units]`. */
async function lowerBounds(
  tools: BoundTools,
  forward: Forward,
  item: KinkInstruction,
  slopes: readonly Float32Array[],
): Promise<Float32Array> {
  const {program} = tools
  const weights = (value: number) => {
    const maker = program.instructions[value - 1]
    return maker?.kind === 'kink' ? slopes[maker.layer]!.map((s) => s * s) : undefined
  }
  const reach = await unitReach(program, await tools.balls('plain'), item.input, weights)
  const z = forward.preActivations[item.layer]!
  const rounding = forward.rounding[item.layer]!
  const shared = reach.length === item.units
  return z.map((zi, at) => {
    const own = reach[shared ? at % item.units : at]!
    const size = Math.max(0, Math.abs(zi) - rounding[at]!)
    return own > 0 ? size / own : Number.POSITIVE_INFINITY
  })
}

function asLines(slopes: Float32Array): Lines {
  const none = new Float32Array(0)
  return {lowerSlope: slopes, upperSlope: slopes, lowerGap: none, upperGap: none, bent: false}
}

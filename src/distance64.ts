import type {Boundaries} from './distance.js'
import type {Forward} from './forward.js'
import type {Program} from './program.js'

/** A unit whose gradient at the point is known, in float32. */
export interface UnitDistance {
  readonly layer: number
  readonly unit: number
  /** |z| */
  readonly z: number
  /** How far rounding may have moved z. */
  readonly error: number
  /** Dual norm of the gradient, above 0. */
  readonly gradient: number
}

/**
 * Decides in float64, on the host, between the units that could be the nearest within the rounding error
 * of float32: a small z is a difference of large numbers, and most of its digits are lost. The gradient
 * is no such difference and keeps its float32 digits.
 */
export function refineDistances(
  program: Program,
  forward: Forward,
  evaluated: readonly (readonly UnitDistance[])[],
): Boundaries {
  const {count, size, values} = forward.points
  const distance = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
  const layer = new Int32Array(count).fill(-1)
  const unit = new Int32Array(count).fill(-1)
  evaluated.forEach((units, point) => {
    const farthest = units.reduce(
      (least, {z, error, gradient}) => Math.min(least, (z + error) / gradient),
      Number.POSITIVE_INFINITY,
    )
    const close = units.filter(({z, error, gradient}) => (z - error) / gradient <= farthest)
    if (close.length === 0) return
    const x = Float64Array.from(values.subarray(point * size, (point + 1) * size))
    const preActivation = float64Network(program, x)
    for (const candidate of close) {
      const exact = Math.abs(preActivation(candidate.layer, candidate.unit)) / candidate.gradient
      if (exact < distance[point]!) {
        distance[point] = exact
        layer[point] = candidate.layer
        unit[point] = candidate.unit
      }
    }
  })
  return {distance, layer, unit}
}

/** Pre-activations at one point in float64; layers are run when they are first needed, and no further. */
function float64Network(program: Program, x: Float64Array) {
  const values: (Float64Array | undefined)[] = [x]
  const valueAt = (value: number): Float64Array => {
    const known = values[value]
    if (known) return known
    const item = program.instructions[value - 1]!
    const made =
      item.kind === 'kink'
        ? valueAt(item.input).map(item.kink.value)
        : item.map.apply64(item.inputs.map(valueAt))
    values[value] = made
    return made
  }
  return (layer: number, unit: number): number => {
    const {input} = program.kinks[layer]!
    const maker = program.instructions[input - 1]
    if (values[input] || maker?.kind !== 'affine') return valueAt(input)[unit]!
    return maker.map.unit64(maker.inputs.map(valueAt), unit)
  }
}

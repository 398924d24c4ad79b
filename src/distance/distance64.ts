import {type Forward, numbersOf} from '../forward/forward.js'
import type {KinkInstruction, Program} from '../program/program.js'
import type {Boundaries} from './distance.js'

/** A form whose gradient at the point is known, in float32. */
export interface FormDistance {
  readonly layer: number
  /** Its place among the forms of all points. */
  readonly at: number
  /** |z - t| */
  readonly gap: number
  /** How far rounding may have moved it. */
  readonly error: number
  /** Dual norm of the gradient, above 0. */
  readonly gradient: number
}

/**
 * Decides in float64 between the forms that could be the nearest within the rounding error of float32: a small z is a
 * difference of large numbers, and most of its digits are lost. The gradient keeps its float32 digits but where its terms
 * cancel. z comes from the backend where that has it in float64, and from the host elsewhere.
 */
export function refineDistances(
  program: Program,
  forward: Forward,
  evaluated: readonly (readonly FormDistance[])[],
): Boundaries {
  const {count} = forward.points
  const known = forward.numbers64
  const distance = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
  const layer = new Int32Array(count).fill(-1)
  const unit = new Int32Array(count).fill(-1)
  for (let point = 0; point < count; point++) {
    const close = nearestOf(evaluated[point]!)
    if (close.length === 0) continue
    const numberAt = known
      ? numbersOfPoint(program, known, point)
      : float64Network(program, forward, point)
    for (const candidate of close) {
      const kinks = forward.kinks[candidate.layer]!
      const first = numberAt(candidate.layer, kinks.first(candidate.at))
      const place = kinks.second(candidate.at)
      const second = place < 0 ? undefined : numberAt(candidate.layer, place)
      const exact = kinks.gap64(first, second) / candidate.gradient
      if (exact < distance[point]!) {
        distance[point] = exact
        layer[point] = candidate.layer
        unit[point] = kinks.unit(candidate.at % kinks.forms)
      }
    }
  }
  return {distance, layer, unit}
}

/** Those that may be the nearest, given how far rounding may have moved each. */
function nearestOf(found: readonly FormDistance[]): FormDistance[] {
  let farthest = Number.POSITIVE_INFINITY
  for (const {gap, error, gradient} of found) {
    farthest = Math.min(farthest, (gap + error) / gradient)
  }
  const close: FormDistance[] = []
  for (const each of found) {
    if ((each.gap - each.error) / each.gradient <= farthest) close.push(each)
  }
  return close
}

/** The number that a layer's units read at a place, where all of them are known in float64. */
function numbersOfPoint(program: Program, known: readonly Float64Array[], point: number) {
  return (layer: number, number: number): number =>
    known[layer]![point * numbersOf(program.kinks[layer]!) + number]!
}

/**
 * Numbers that units read at one point, in float64; layers are run when they are first needed, and no further. Of a
 * layer that is only run through, numbers whose units are surely flat (a ReLU's that are off) keep their float32 values.
 */
function float64Network(program: Program, forward: Forward, point: number) {
  const {size} = forward.points
  const x = Float64Array.from(forward.points.values.subarray(point * size, (point + 1) * size))
  const values: (Float64Array | undefined)[] = [x]
  const numbersBefore = (item: KinkInstruction): Float64Array => {
    const maker = program.instructions[item.input - 1]
    const needed = forward.kinks[item.layer]!
    const alone = program.readers[item.input] === 1 && needed.plain
    if (values[item.input] || maker?.kind !== 'affine' || !maker.map.units64 || !alone)
      return valueAt(item.input)
    const start = point * item.units
    const out = Float64Array.from(needed.center.subarray(start, start + item.units))
    const moving = new Int32Array(item.units)
    let count = 0
    for (let unit = 0; unit < item.units; unit++) {
      if (!needed.surelyFlat(start + unit)) moving[count++] = unit
    }
    maker.map.units64(maker.inputs.map(valueAt), moving.subarray(0, count), out)
    return out
  }
  const valueAt = (value: number): Float64Array => {
    const known = values[value]
    if (known) return known
    const item = program.instructions[value - 1]!
    const made =
      item.kind === 'kink'
        ? item.kink.value64(numbersBefore(item))
        : item.map.apply64(item.inputs.map(valueAt))
    values[value] = made
    return made
  }
  return (layer: number, number: number): number => {
    const {input} = program.kinks[layer]!
    const maker = program.instructions[input - 1]
    if (values[input] || maker?.kind !== 'affine') return valueAt(input)[number]!
    return maker.map.unit64(maker.inputs.map(valueAt), number)
  }
}

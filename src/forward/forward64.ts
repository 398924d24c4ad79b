import type {AffineMap} from '../affine/affine-map.js'
import {knownAtMost} from '../common/known-at-most.js'
import {once} from '../common/once.js'
import {carriesErrors, errorsPast64, mayPass} from '../kinks/errors.js'
import type {Kink} from '../kinks/kink.js'
import type {Points} from '../points.js'
import type {AffineInstruction, Program} from '../program/program.js'
import {native64} from './native64.js'
import {float32Roundoff, roundingFactor} from './rounding.js'

/** The numbers that the units of every kinked layer read at some points, in float64. */
export interface Numbers64 {
  /** Per kinked layer, `[points x numbers]`. */
  readonly numbers: readonly Float64Array[]
  /** How far each of them may be from what it is without rounding, once it is written down in float32. */
  readonly rounding: readonly Float32Array[]
}

/** A value at all points, `[points x size]`. */
interface Value {
  readonly values: Float64Array
  /** Writes bounds on the value's errors, and `share` of its size besides, to float32. Undefined where it is exact. */
  readonly writeErrors: ((to: Float32Array, share: number) => void) | undefined
}

/** Unit round-off of float64. */
const float64Roundoff = 2 ** -53

/** Maps that add up no more numbers than this are fast enough on the host. */
const fewTerms = 8

/**
 * Runs points through a network in float64, all at once, where native TensorFlow multiplies: undefined elsewhere, and
 * for a network with maps that have no such product (convolutions). A float64 product takes two to three times as long as
 * one in float32, which needs a second one, of sizes, to know how much its rounding may be.
 *
 * Number i of a map is off by at most 8 sqrt(n) u (||W_i|| ||h|| + |b_i|) + ||W_i|| ||error of h||, u = 2^-53, W_i the
 * row; see `roundingFactor`. Errors are carried on as in float32, see `kinks/errors.ts`.
 */
export function forward64(program: Program, points: Points): Numbers64 | undefined {
  const {instructions, kinks, readers} = program
  const ready = ({map}: AffineInstruction) => map.applyRows64 || map.fanIn <= fewTerms
  if (!native64() || !instructions.every((item) => item.kind === 'kink' || ready(item)))
    return undefined
  const {count} = points
  const numbers: Float64Array[] = new Array(kinks.length)
  const rounding: Float32Array[] = new Array(kinks.length)
  const known: Value[] = [{values: new Float64Array(points.values), writeErrors: undefined}]
  for (const item of instructions) {
    if (item.kind === 'affine') {
      const inputs = item.inputs.map((value) => {
        const input = known[value]!
        const isMade = instructions[value - 1]?.kind === 'affine'
        return isMade || carriesErrors(item.map) ? input : exactly(input)
      })
      known.push(throughMap(item, inputs, count))
      continue
    }
    const read = known[item.input]!
    numbers[item.layer] = read.values
    rounding[item.layer] = float32Rounding(mayPass(program, item) ? read : exactly(read))
    // What the last layer makes is asked by nobody.
    known.push(readers[known.length] ? throughKink(item.kink, read) : exactly(read))
  }
  return {numbers, rounding}
}

const exactly = ({values}: Value): Value => ({values, writeErrors: undefined})

function throughKink(kink: Kink, read: Value): Value {
  const values = kink.value64(read.values)
  if (kink.exact && !read.writeErrors) return {values, writeErrors: undefined}
  return {
    values,
    writeErrors: (to, share) => {
      const errors = new Float32Array(read.values.length)
      read.writeErrors?.(errors, 0)
      const carried = errorsPast64(kink, read.values, errors)
      const own = kink.exact ? share : share + 4 * float64Roundoff
      for (let at = 0; at < to.length; at++) to[at]! += carried[at]! + own * Math.abs(values[at]!)
    },
  }
}

function throughMap({map}: AffineInstruction, inputs: readonly Value[], count: number): Value {
  const {outputSize: size, inputSizes, rowNorms} = map
  const values =
    map.applyRows64?.(
      inputs.map((input) => input.values),
      count,
    ) ??
    eachPoint(count, size, (point) =>
      map.apply64(inputs.map(({values}, i) => ofPoint(values, inputSizes[i]!, point))),
    )
  // A map of one term copies.
  if (map.fanIn === 1) return copied(map, inputs, values, count)
  const factor = roundingFactor(map.fanIn, float64Roundoff)
  // Of each input: what its numbers at a point add to the errors there, for each length of a row.
  const perLength = inputs.map((input, i) => errorsPerLength(input, inputSizes[i]!, count, factor))
  return {
    values,
    writeErrors: (to, share) => {
      perLength.forEach((factors, i) => {
        addErrors(to, values, factors, rowNorms[i]!, i === 0 ? factor + share : 0)
      })
      clearExactZeros(map, inputs, values, to, count)
    },
  }
}

/** Copies are off by what was copied, and by being written down in float32 where that has no such number. */
function copied(
  {outputSize, inputSizes, apply64}: AffineMap,
  inputs: readonly Value[],
  values: Float64Array,
  count: number,
): Value {
  return {
    values,
    writeErrors: (to, share) => {
      if (inputs.some((input) => input.writeErrors)) {
        const errors = inputs.map((input) => {
          const own = new Float32Array(input.values.length)
          input.writeErrors?.(own, 0)
          return Float64Array.from(own)
        })
        const carried = eachPoint(count, outputSize, (point) =>
          apply64(errors.map((own, i) => ofPoint(own, inputSizes[i]!, point))),
        )
        for (let at = 0; at < to.length; at++) to[at]! += carried[at]!
      }
      for (let at = 0; at < to.length; at++) {
        const value = values[at]!
        if (Math.fround(value) !== value) to[at]! += share * Math.abs(value)
      }
    },
  }
}

/** |b_i| <= |z_i| + ||W_i|| ||h||, so that ||h|| counts twice; and how far h itself may be off. */
function errorsPerLength(
  {values, writeErrors}: Value,
  size: number,
  count: number,
  factor: number,
): Float64Array {
  const errors = writeErrors && new Float32Array(values.length)
  writeErrors?.(errors!, 0)
  const found = new Float64Array(count)
  for (let point = 0; point < count; point++) {
    const carried = errors ? lengthOf(errors, size, point) : 0
    found[point] = 2 * factor * lengthOf(values, size, point) + carried
  }
  return found
}

/** Adds lengths of rows times what each point says, and a share of each value. */
function addErrors(
  to: Float32Array,
  values: Float64Array,
  perLength: Float64Array,
  lengths: Float64Array,
  share: number,
): void {
  const size = lengths.length
  for (let point = 0, at = 0; point < perLength.length; point++) {
    const own = perLength[point]!
    for (let unit = 0; unit < size; unit++, at++) {
      to[at]! += lengths[unit]! * own + share * Math.abs(values[at]!)
    }
  }
}

/**
 * A unit that reads nothing but zeros is 0 exactly, and stays off on a ball on which they do. That is so where it is still 0
 * once its inputs are stretched, each by a factor of its own: terms that cancelled do so no longer.
 */
function clearExactZeros(
  map: AffineMap,
  inputs: readonly Value[],
  values: Float64Array,
  errors: Float32Array,
  count: number,
): void {
  const size = map.outputSize
  for (let point = 0; point < count; point++) {
    const stretched = once(() =>
      inputs.map((input, i) => ofPoint(input.values, map.inputSizes[i]!, point).map(stretch)),
    )
    for (let unit = 0, at = point * size; unit < size; unit++, at++) {
      if (values[at] === 0 && map.unit64(stretched(), unit) === 0) errors[at] = 0
    }
  }
}

const stretch = (value: number, i: number) => value * (1 + ((i * Math.SQRT2) % 1))

/** The errors, and what writing the numbers down in float32 and adding to them there may add. What is exact has none. */
function float32Rounding({values, writeErrors}: Value): Float32Array {
  const rounding = new Float32Array(values.length)
  writeErrors?.(rounding, 2 * float32Roundoff)
  return knownAtMost(rounding)
}

function eachPoint(
  count: number,
  size: number,
  make: (point: number) => Float64Array,
): Float64Array {
  const values = new Float64Array(count * size)
  for (let point = 0; point < count; point++) values.set(make(point), point * size)
  return values
}

function ofPoint<T extends Float32Array | Float64Array>(values: T, size: number, point: number): T {
  return values.subarray(point * size, (point + 1) * size) as T
}

function lengthOf(values: Float32Array | Float64Array, size: number, point: number): number {
  let squares = 0
  const end = (point + 1) * size
  for (let i = point * size; i < end; i++) squares += values[i]! * values[i]!
  return Math.sqrt(squares)
}

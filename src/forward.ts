import {abs, add, mul, type Tensor2D, tensor2d} from '@tensorflow/tfjs'
import {findNonFinite, NonFiniteError} from './errors.js'
import {forward64} from './forward64.js'
import type {KinkAtPoints} from './kinks/kink.js'
import {readTogether} from './on-device/read-together.js'
import type {Points} from './points.js'
import type {KinkInstruction, Program} from './program.js'
import {roundingFactor} from './rounding.js'

/** The network at the points: what every measurement starts from. On the host. */
export interface Forward {
  readonly points: Points
  /** Per kinked layer: its kinks at the points' pre-activations. */
  readonly kinks: readonly KinkAtPoints[]
  /** Per kinked layer, the numbers that its units read in float64, `[points x numbers]`, where the backend has them. */
  readonly numbers64: readonly Float64Array[] | undefined
  /** Unit round-off of the backend's product. */
  readonly roundoff: number
}

/**
 * Runs the points through the network: in float64 where `forward64` can, all at once and in some 40 bytes a value; else in
 * float32, in chunks that keep the tensors within `memory` bytes. How far rounding may have moved each pre-activation goes
 * along; in float32 that is 8 sqrt(n) u (|W||h| + |b|).
 *
 * @throws NonFiniteError naming the layer whose pre-activations overflow float32
 */
export async function runForward(
  program: Program,
  points: Points,
  roundoff: number,
  memory: number,
): Promise<Forward> {
  const exact = forward64(program, points)
  const {preActivations, rounding} = exact
    ? {
        preActivations: exact.numbers.map((values) => new Float32Array(values)),
        rounding: exact.rounding,
      }
    : await forward32(program, points, roundoff, memory)
  preActivations.forEach((z, layer) => {
    const bad = findNonFinite(z)
    if (bad < 0) return
    const numbers = numbersOf(program.kinks[layer]!)
    const where = `point ${Math.floor(bad / numbers)}, unit ${bad % numbers}`
    throw new NonFiniteError(
      `layer "${program.kinks[layer]!.name}" (kinked layer ${layer}): expected finite pre-activations, ` +
        `got ${z[bad]} at ${where}`,
    )
  })
  return {
    points,
    kinks: program.kinks.map(({kink, layer}) => kink.at(preActivations[layer]!, rounding[layer]!)),
    numbers64: exact?.numbers,
    roundoff,
  }
}

/** The numbers that the units of each kinked layer read, and how far rounding may have moved them. */
async function forward32(program: Program, points: Points, roundoff: number, memory: number) {
  const {count, size} = points
  const numbers = program.kinks.map(numbersOf)
  const preActivations = numbers.map((n) => new Float32Array(count * n))
  const rounding = numbers.map((n) => new Float32Array(count * n))
  const chunk = Math.max(1, Math.floor(memory / (12 * valuesPerPoint(program))))
  for (let start = 0; start < count; start += chunk) {
    const end = Math.min(count, start + chunk)
    const x = tensor2d(points.values.subarray(start * size, end * size), [end - start, size])
    const exact: boolean[] = []
    const read = await readTogether(() =>
      forwardChunk(program, x, roundoff).flatMap(({z, error}) => {
        exact.push(error === undefined)
        return error ? [z, error] : [z]
      }),
    )
    x.dispose()
    exact.forEach((unrounded, layer) => {
      preActivations[layer]!.set(read.shift()!, start * numbers[layer]!)
      if (!unrounded) rounding[layer]!.set(read.shift()!, start * numbers[layer]!)
    })
  }
  return {preActivations, rounding}
}

/** Numbers that the units of a layer read at one point. */
export function numbersOf({kink, units}: KinkInstruction): number {
  return kink.candidates * units
}

/** Numbers that a point's values take up, input and all. */
export function valuesPerPoint({inputSize, instructions}: Program): number {
  return instructions.reduce(
    (sum, item) => sum + (item.kind === 'kink' ? item.units : item.map.outputSize),
    inputSize,
  )
}

function forwardChunk(program: Program, x: Tensor2D, roundoff: number) {
  const values = [x]
  const errors: (Tensor2D | undefined)[] = [undefined]
  const found: {z: Tensor2D; error: Tensor2D | undefined}[] = []
  for (const item of program.instructions) {
    if (item.kind === 'kink') {
      const z = values[item.input]!
      // What is read straight from the input or from another kink is not rounded again: a ReLU of what is
      // never below 0 touches its kink and does not pass it.
      const error = errors[item.input]
      found[item.layer] = {z, error}
      values.push(item.kink.activation(z))
      errors.push(undefined)
      continue
    }
    const {map} = item
    const inputs = item.inputs.map((value) => values[value]!)
    const inputErrors = item.inputs.map((value) => errors[value])
    values.push(map.apply(inputs))
    const factor = roundingFactor(map.fanIn, roundoff)
    const own = mul(map.magnitude(inputs.map((value) => abs(value))), factor) as Tensor2D
    if (inputErrors.every((error) => error === undefined)) {
      errors.push(own)
    } else {
      const filled = inputErrors.map((error, i) => error ?? (inputs[i]!.mul(0) as Tensor2D))
      errors.push(add(own, map.absolute(filled)) as Tensor2D)
    }
  }
  return found
}

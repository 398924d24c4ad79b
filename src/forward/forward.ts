import {abs, add, mul, type Tensor2D, tensor2d} from '@tensorflow/tfjs'
import {knownAtMost} from '../common/known-at-most.js'
import {once} from '../common/once.js'
import {findNonFinite, NonFiniteError} from '../errors.js'
import {carriesErrors, errorsPast, mayPass} from '../kinks/errors.js'
import type {KinkAtPoints} from '../kinks/kink.js'
import {readTogether} from '../on-device/read-together.js'
import type {Points} from '../points.js'
import type {KinkInstruction, Program} from '../program/program.js'
import {forward64} from './forward64.js'
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
 * along; in float32 that is 8 sqrt(n) u (|W||h| + |b|), and what is carried on (see `kinks/errors.ts`).
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
    ).finally(() => x.dispose())
    exact.forEach((unrounded, layer) => {
      preActivations[layer]!.set(read.shift()!, start * numbers[layer]!)
      if (!unrounded) rounding[layer]!.set(knownAtMost(read.shift()!), start * numbers[layer]!)
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

/** What a value's numbers may be off by; undefined for nothing. */
interface Errors {
  /** Since the last kink. */
  readonly own: Tensor2D | undefined
  /** What kinks pass on of what they read. Few ask for it, and for that of the last ones nobody does. */
  carried(): Tensor2D | undefined
}

function forwardChunk(program: Program, x: Tensor2D, roundoff: number) {
  const values = [x]
  const errors: Errors[] = [{own: undefined, carried: () => undefined}]
  const found: {z: Tensor2D; error: Tensor2D | undefined}[] = []
  for (const item of program.instructions) {
    if (item.kind === 'kink') {
      const z = values[item.input]!
      const {own, carried} = errors[item.input]!
      const all = once(() => totalOf(own, carried()))
      found[item.layer] = {z, error: mayPass(program, item) ? all() : undefined}
      values.push(item.kink.activation(z))
      errors.push({own: undefined, carried: once(() => errorsPast(item.kink, z, all()))})
      continue
    }
    const {map} = item
    const inputs = item.inputs.map((value) => values[value]!)
    const before = item.inputs.map((value) => errors[value]!)
    /** What errors of the inputs make of the output. */
    const past = (known: readonly (Tensor2D | undefined)[]) =>
      known.every((error) => error === undefined)
        ? undefined
        : map.absolute(known.map((error, i) => error ?? (inputs[i]!.mul(0) as Tensor2D)))
    values.push(map.apply(inputs))
    const factor = roundingFactor(map.fanIn, roundoff)
    const own = mul(map.magnitude(inputs.map((value) => abs(value))), factor) as Tensor2D
    errors.push({
      own: totalOf(own, past(before.map((error) => error.own))),
      carried: once(() =>
        carriesErrors(map) ? past(before.map((error) => error.carried())) : undefined,
      ),
    })
  }
  return found
}

function totalOf(a: Tensor2D | undefined, b: Tensor2D | undefined): Tensor2D | undefined {
  return a && b ? (add(a, b) as Tensor2D) : (a ?? b)
}

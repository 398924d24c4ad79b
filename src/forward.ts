import {abs, add, mul, type Tensor2D, tensor2d, tidy} from '@tensorflow/tfjs'
import {NonFiniteError} from './errors.js'
import type {Points} from './points.js'
import type {Program} from './program.js'
import {roundingFactor} from './rounding.js'

/** The network at the points: what every measurement starts from. On the host. */
export interface Forward {
  readonly points: Points
  /** z per kinked layer, `[points x units]`. */
  readonly preActivations: readonly Float32Array[]
  /** How far rounding may have moved each z: 8 sqrt(n) u (|W||h| + |b|). */
  readonly rounding: readonly Float32Array[]
  /** Unit round-off of the backend's product. */
  readonly roundoff: number
}

/**
 * Runs the points through the network, in chunks that keep the tensors within `memory` bytes.
 *
 * @throws NonFiniteError naming the layer whose pre-activations overflow
 */
export async function runForward(
  program: Program,
  points: Points,
  roundoff: number,
  memory: number,
): Promise<Forward> {
  const {count, size} = points
  const preActivations = program.kinks.map(({units}) => new Float32Array(count * units))
  const rounding = program.kinks.map(({units}) => new Float32Array(count * units))
  const chunk = Math.max(1, Math.floor(memory / (12 * valuesPerPoint(program))))
  for (let start = 0; start < count; start += chunk) {
    const end = Math.min(count, start + chunk)
    const x = tensor2d(points.values.subarray(start * size, end * size), [end - start, size])
    const found = tidy(() => forwardChunk(program, x, roundoff))
    x.dispose()
    await Promise.all(
      program.kinks.map(async ({units}, layer) => {
        const {z, error} = found[layer]!
        preActivations[layer]!.set(await z.data(), start * units)
        if (error) rounding[layer]!.set(await error.data(), start * units)
        z.dispose()
        error?.dispose()
      }),
    )
  }
  preActivations.forEach((z, layer) => {
    const bad = z.findIndex((value) => !Number.isFinite(value))
    if (bad < 0) return
    const {units} = program.kinks[layer]!
    throw new NonFiniteError(
      `kinked layer ${layer}: expected finite pre-activations, got ${z[bad]} ` +
        `at point ${Math.floor(bad / units)}, unit ${bad % units}`,
    )
  })
  return {points, preActivations, rounding, roundoff}
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
      const error = errors[item.input]
      // A tensor that is read and disposed of must not be another kink's too.
      found[item.layer] = {z: z.clone(), error: error?.clone()}
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

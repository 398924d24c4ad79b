import {add, mul, type Tensor2D, tensor1d, tensor2d, tidy} from '@tensorflow/tfjs'
import type {BallMap} from '../affine/affine-map.js'
import {readTogether} from '../on-device/read-together.js'
import type {KinkInstruction, Program} from '../program.js'

/**
 * Ball to ball: as the input moves by r, value v moves by at most r `reach[v]` (in the scaled space of
 * that value), since norms of affine maps and steepest slopes multiply. The same for all points.
 */
export interface BallProgram {
  /** Per instruction; undefined for a kink. */
  readonly maps: readonly (BallMap | undefined)[]
  /** Per value: x = scale x', one number a unit; undefined stands for 1. */
  readonly scales: readonly (Float64Array | undefined)[]
  /** Per value: a certified Lipschitz constant of x' with respect to the input. */
  reach(value: number): Promise<number>
}

/**
 * Norms and scales of a program, once a snapshot.
 *
 * With `normalise` each unit's incoming row is scaled to norm 1 (a ReLU network stays the same when a
 * unit's incoming row is divided by what its outgoing column is multiplied with), so that the result
 * does not depend on how the network happens to be scaled.
 */
export function readBalls(program: Program, normalise: boolean, roundoff: number): BallProgram {
  const maps: (BallMap | undefined)[] = []
  const scales: (Float64Array | undefined)[] = [undefined]
  for (const item of program.instructions) {
    if (item.kind === 'kink') {
      maps.push(undefined)
      scales.push(unitScales(item, scales[item.input]))
      continue
    }
    const ball = item.map.ball(
      item.inputs.map((value) => scales[value]),
      normalise,
      roundoff,
    )
    maps.push(ball)
    scales.push(ball.outputScale)
  }
  const known: (Promise<number> | undefined)[] = [Promise.resolve(1)]
  const reach = (value: number): Promise<number> => {
    known[value] ??= reachOf(value)
    return known[value]
  }
  const reachOf = async (value: number): Promise<number> => {
    const item = program.instructions[value - 1]!
    if (item.kind === 'kink') return (await reach(item.input)) * item.kink.steepest
    const [norms, ...before] = await Promise.all([
      maps[value - 1]!.norms(),
      ...item.inputs.map(reach),
    ])
    return norms.reduce((sum, norm, i) => sum + norm * before[i]!, 0)
  }
  return {maps, scales, reach}
}

/** A maximum's unit moves by no more than its fastest candidate: it takes the largest of their scales. */
function unitScales({kink, units}: KinkInstruction, scale: Float64Array | undefined) {
  if (!scale || kink.candidates === 1) return scale
  const largest = new Float64Array(units)
  scale.forEach((s, at) => {
    largest[at % units] = Math.max(largest[at % units]!, s)
  })
  return largest
}

/**
 * How far each unit of a value can move when the input moves by 1: the length of its row, restricted to
 * what passes anything on, times the reach of what it reads.
 *
 * @param value what to bound; made by an affine map, or the input itself
 * @param weights per value: the squared weights of its units for every point, `[points x size]`, on the
 *   host; undefined where every unit counts fully
 * @returns `[points x size]` where some weights are given, else `[1 x size]`
 */
export async function unitReach(
  program: Program,
  balls: BallProgram,
  value: number,
  weights: (value: number) => Float32Array | undefined,
): Promise<Float32Array> {
  return (await unitReaches(program, balls, [value], weights))[0]!
}

/** The same of several values, with one reading. */
export async function unitReaches(
  program: Program,
  balls: BallProgram,
  values: readonly number[],
  weights: (value: number) => Float32Array | undefined,
): Promise<Float32Array[]> {
  const inputsOf = (value: number) => {
    const item = program.instructions[value - 1]
    return item?.kind === 'affine' ? item.inputs : [value]
  }
  const reach = await Promise.all(
    values.map((value) => Promise.all(inputsOf(value).map(balls.reach))),
  )
  return readTogether(() =>
    values.map((value, k) => {
      const item = program.instructions[value - 1]
      if (item?.kind === 'affine') {
        const squared = item.inputs.map((input, i) => {
          const size = item.map.inputSizes[i]!
          const own = weights(input)
          return own && tensor2d(own, [own.length / size, size])
        })
        return reachAcross(balls, value, reach[k]!, squared)
      }
      const scale = balls.scales[value]
      const size = item?.units ?? program.inputSize
      return tensor1d(
        Float32Array.from({length: size}, (_, i) => reach[k]![0]! * (scale?.[i] ?? 1)),
      )
    }),
  )
}

/** The same of a value that an affine map makes, of tensors: the reach of what it reads, and the weights of its units. */
export function reachAcross(
  {maps, scales}: BallProgram,
  value: number,
  reach: readonly number[],
  weights: readonly (Tensor2D | undefined)[],
): Tensor2D {
  return tidy(() => {
    const scale = scales[value]
    const parts = maps[value - 1]!.rowNorms(weights).map(
      (norms, i) => mul(norms, reach[i]!) as Tensor2D,
    )
    const total = parts.reduce((a, b) => add(a, b) as Tensor2D)
    return scale
      ? (mul(total, tensor2d(new Float32Array(scale), [1, scale.length])) as Tensor2D)
      : total
  })
}

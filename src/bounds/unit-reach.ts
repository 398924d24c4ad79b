import {add, mul, type Tensor2D, tensor1d, tensor2d, tidy, tile} from '@tensorflow/tfjs'
import {readOne} from '../common/read-out.js'
import {readTogether} from '../on-device/read-together.js'
import type {AffineInstruction, Program} from '../program/program.js'
import type {BallProgram} from './ball.js'

/** Units of more terms than these move far less than the terms do one by one. */
const fewTerms = 4

/**
 * Per value: the squared weights of its units for every point, `[points x size]`, on the host; undefined where every unit
 * counts fully.
 */
type Weights = (value: number) => Float32Array | undefined

/**
 * How far each unit of a value can move when the input moves by 1: the length of its row, restricted to
 * what passes anything on, times the reach of what it reads. Where values are put together (a sum, a shortcut) a unit moves
 * by no more than its terms do either, and for each of them the same is asked again: a length there is that of one row,
 * where a reach holds for the longest.
 *
 * @param value what to bound; made by an affine map, or the input itself
 * @param weights of the kinks' values
 * @returns `[points x size]` where some weights are given, else `[1 x size]`
 */
export async function unitReach(
  program: Program,
  balls: BallProgram,
  value: number,
  weights: Weights,
): Promise<Float32Array> {
  return (await unitReaches(program, balls, [value], weights))[0]!
}

/** The same of several values; their lengths are read at once. */
export async function unitReaches(
  program: Program,
  balls: BallProgram,
  values: readonly number[],
  weights: Weights,
): Promise<Float32Array[]> {
  const reaches = await rowReaches(program, balls, values, weights)
  return Promise.all(
    values.map(async (value, k) => {
      const item = program.instructions[value - 1]
      // In a chain the reach stays the closed form.
      const sum = item?.kind === 'affine' && item.inputs.length > 1 && item.map.fanIn <= fewTerms
      if (!sum) return reaches[k]!
      return smaller(reaches[k]!, await summedReach(program, balls, item, weights))
    }),
  )
}

/** The length of each unit's row times the reach of what it reads, of several values. */
async function rowReaches(
  program: Program,
  balls: BallProgram,
  values: readonly number[],
  weights: Weights,
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

/** What the terms of each unit can move by, each weighed with the size of its entry. */
async function summedReach(
  program: Program,
  balls: BallProgram,
  {map, inputs}: AffineInstruction,
  weights: Weights,
): Promise<Float32Array> {
  const terms = await Promise.all(
    inputs.map((input) => outputReach(program, balls, input, weights)),
  )
  const sizes = map.inputSizes
  const points = Math.max(...terms.map((term, i) => term.length / sizes[i]!))
  const sum = tidy(() =>
    map.absolute(
      terms.map((term, i) => {
        const own = tensor2d(term, [term.length / sizes[i]!, sizes[i]!])
        return own.shape[0] === points ? own : tile(own, [points, 1])
      }),
    ),
  )
  return readOne(sum)
}

/** A kink's unit passes on the share that its weight says of what it reads; a maximum, of the fastest candidate. */
async function outputReach(
  program: Program,
  balls: BallProgram,
  value: number,
  weights: Weights,
): Promise<Float32Array> {
  const item = program.instructions[value - 1]
  if (item?.kind !== 'kink') return unitReach(program, balls, value, weights)
  const read = await unitReach(program, balls, item.input, weights)
  const {units} = item
  const {candidates, steepest} = item.kink
  const numbers = candidates * units
  const shares = weights(value)
  const points = Math.max(read.length / numbers, (shares?.length ?? 0) / units)
  const shared = read.length === numbers
  return Float32Array.from({length: points * units}, (_, at) => {
    const unit = at % units
    const from = (shared ? 0 : Math.floor(at / units) * numbers) + unit
    let fastest = 0
    for (let k = 0; k < candidates; k++) fastest = Math.max(fastest, read[from + k * units]!)
    const share = shares?.[shares.length === units ? unit : at] ?? 1
    return fastest * steepest * Math.sqrt(share)
  })
}

/** The smaller numbers, of arrays for all points or one that holds for each of them. */
function smaller(a: Float32Array, b: Float32Array): Float32Array {
  const [more, fewer] = a.length < b.length ? [b, a] : [a, b]
  return more.map((value, at) => Math.min(value, fewer[at % fewer.length]!))
}

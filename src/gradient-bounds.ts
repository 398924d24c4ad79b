import {type Tensor2D, tensor2d, tidy} from '@tensorflow/tfjs'
import type {BoundTools} from './bounds/bound-layers.js'
import {unitReach} from './bounds/unit-reach.js'
import {type Forward, numbersOf} from './forward.js'
import type {Lines} from './kinks/kink.js'
import type {Norm} from './options.js'
import type {KinkInstruction, Program} from './program.js'
import {receptiveField} from './windows/plan.js'

/**
 * Upper bounds on the dual norm of the gradient of every number that a layer's units read, at every
 * point, without any gradient: `[points x numbers]`, or `[numbers]` where it is the same at all points.
 */
export type GradientBounds = (item: KinkInstruction) => Promise<Float32Array>

/** The bounds for a norm of the input space. `tangents` are the slopes at the points, per kinked layer. */
export async function gradientBounds(
  tools: BoundTools,
  forward: Forward,
  tangents: readonly Lines[],
  norm: Norm,
): Promise<GradientBounds> {
  const {program} = tools
  // ||row W_i over what is on|| times the reach of the layers before.
  const balls = tools.balls('plain')
  const weights = (value: number) => {
    const maker = program.instructions[value - 1]
    if (maker?.kind !== 'kink' || maker.kink.candidates > 1) return undefined
    const {steepest} = maker.kink
    const squared = tangents[maker.layer]!.lowerSlope.slice()
    for (let at = 0; at < squared.length; at++) squared[at] = (squared[at]! / steepest) ** 2
    return squared
  }
  const lengths: GradientBounds = ({input}) => unitReach(program, balls, input, weights)
  if (norm === 'l2') return lengths
  const sums = await absoluteSums(program, forward, tangents)
  // |g|_1 <= sqrt(n) |g|_2, for n inputs: sums grow with each layer's width, lengths with its norm alone.
  return async (item) => {
    const found = sums[item.layer]!
    if (item.layer === 0) return found
    const own = await lengths(item)
    // Sums that are exact stay.
    const most = Math.sqrt(receptiveField(program, item.layer)) * (1 + 1e-5)
    return found.map((sum, at) => Math.min(sum, most * own[at % own.length]!))
  }
}

/**
 * The l1 norm of the gradient is at most |W_l| |slopes| |W_{l-1}| ... 1: one run of the absolute weights
 * through the network, with the slopes that hold at each point.
 */
async function absoluteSums(
  program: Program,
  forward: Forward,
  tangents: readonly Lines[],
): Promise<Float32Array[]> {
  const {count} = forward.points
  const values: Float32Array[] = [new Float32Array(count * program.inputSize).fill(1)]
  const sums: Float32Array[] = []
  for (const item of program.instructions) {
    if (item.kind === 'kink') {
      const read = values[item.input]!
      sums[item.layer] = read
      values.push(throughKink(item, read, tangents[item.layer]!.lowerSlope, count))
      continue
    }
    const {map, inputs} = item
    const sum = tidy(() =>
      map.absolute(
        inputs.map((value, i): Tensor2D => tensor2d(values[value]!, [count, map.inputSizes[i]!])),
      ),
    )
    values.push((await sum.data()) as Float32Array)
    sum.dispose()
  }
  return sums
}

function throughKink(
  item: KinkInstruction,
  read: Float32Array,
  slopes: Float32Array,
  count: number,
): Float32Array {
  const numbers = numbersOf(item)
  const out = new Float32Array(count * item.units)
  read.forEach((value, at) => {
    const unit = Math.floor(at / numbers) * item.units + ((at % numbers) % item.units)
    out[unit] = out[unit]! + Math.abs(slopes[at]!) * value
  })
  return out
}

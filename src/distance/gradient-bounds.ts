import {abs, mul, ones, sum, type Tensor2D, tensor2d, tidy} from '@tensorflow/tfjs'
import type {BoundTools} from '../bounds/bound-layers.js'
import {unitReaches} from '../bounds/unit-reach.js'
import type {Forward} from '../forward/forward.js'
import type {Lines} from '../kinks/kink.js'
import {readTogether} from '../on-device/read-together.js'
import type {Norm} from '../options.js'
import type {KinkInstruction, Program} from '../program/program.js'
import {productOf} from '../simd/elementwise.js'
import {receptiveField} from '../windows/plan.js'

/**
 * Upper bounds on the dual norm of the gradient of every number that a layer's units read, at every
 * point, without any gradient: per kinked layer `[points x numbers]`, or `[numbers]` where it is the same at all points.
 * They are read back once.
 *
 * @param norm of the input space
 * @param tangents the slopes at the points, per kinked layer
 */
export async function gradientBounds(
  {program, balls}: BoundTools,
  {points}: Forward,
  tangents: readonly Lines[],
  norm: Norm,
): Promise<Float32Array[]> {
  // ||row W_i over what is on|| times the reach of the layers before.
  const weights = (value: number) => {
    const maker = program.instructions[value - 1]
    if (maker?.kind !== 'kink' || maker.kink.candidates > 1) return undefined
    const {steepest} = maker.kink
    const {lowerSlope} = tangents[maker.layer]!
    const shares = steepest === 1 ? lowerSlope : lowerSlope.map((slope) => slope / steepest)
    return productOf(shares, shares)
  }
  const values = program.kinks.map(({input}) => input)
  const lengths = await unitReaches(program, balls('plain'), values, weights)
  if (norm === 'l2') return lengths
  const sums = await absoluteSums(program, points.count, tangents)
  // |g|_1 <= sqrt(n) |g|_2, for n inputs: sums grow with each layer's width, lengths with its norm alone.
  return sums.map((found, layer) => {
    // Sums that are exact stay.
    if (layer === 0) return found
    const own = lengths[layer]!
    const most = Math.sqrt(receptiveField(program, layer)) * (1 + 1e-5)
    return found.map((sum, at) => Math.min(sum, most * own[at % own.length]!))
  })
}

/**
 * The l1 norm of the gradient is at most |W_l| |slopes| |W_{l-1}| ... 1: one run of the absolute weights
 * through the network, with the slopes that hold at each point.
 */
function absoluteSums(
  {instructions, kinks, inputSize}: Program,
  count: number,
  tangents: readonly Lines[],
): Promise<Float32Array[]> {
  return readTogether(() => {
    const values: Tensor2D[] = [ones([count, inputSize])]
    for (const item of instructions) {
      values.push(
        item.kind === 'affine'
          ? item.map.absolute(item.inputs.map((value) => values[value]!))
          : throughKink(item, values[item.input]!, tangents[item.layer]!.lowerSlope),
      )
    }
    return kinks.map(({input}) => values[input]!)
  })
}

function throughKink({kink, units}: KinkInstruction, read: Tensor2D, slopes: Float32Array) {
  return tidy(() => {
    const passed = mul(read, abs(tensor2d(slopes, read.shape)))
    return sum(passed.reshape([-1, kink.candidates, units]), 1) as Tensor2D
  })
}

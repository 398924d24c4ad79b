import type {Tensor2D} from '@tensorflow/tfjs'
import {type Elementwise, elementwiseKink, type UnitLines} from './elementwise.js'
import {anything, type Kink, type Range} from './kink.js'

/** f(z) = slope min(max(z, low), high) + offset: relu6, a ReLU with a maximum, hard sigmoid. */
export interface Clip {
  readonly low: number
  readonly high: number
  /** Above 0. */
  readonly slope: number
  readonly offset: number
}

/** A function that rises between its two kinks and is flat on either side. */
export function clipped(units: number, clip: Clip): Kink {
  return elementwiseKink(units, new Clipped(clip))
}

/** A class, whose methods stay compiled from one snapshot to the next: see `Passage`. */
class Clipped implements Elementwise {
  readonly thresholds: readonly number[]
  readonly steepest: number
  readonly silent = false
  readonly alwaysMoving = false
  readonly monotone = true
  readonly exact: boolean
  readonly range: Range
  readonly #clip: Clip

  constructor(clip: Clip) {
    const {low, high, slope, offset} = clip
    this.#clip = clip
    this.thresholds = [low, high]
    this.steepest = slope
    // A constant such as 0.1 is rounded by float32.
    const isKept = Math.fround(low) === low && Math.fround(high) === high
    this.exact = slope === 1 && offset === 0 && isKept
    this.range = this.exact ? [low, high] : anything
  }

  activation(z: Tensor2D): Tensor2D {
    const {low, high, slope, offset} = this.#clip
    return z.clipByValue(low, high).mul(slope).add(offset) as Tensor2D
  }

  value(z: number): number {
    const {low, high, slope, offset} = this.#clip
    return slope * Math.min(Math.max(z, low), high) + offset
  }

  slope(z: number): number {
    const {low, high, slope} = this.#clip
    return slope * Number(z > low) * Number(z <= high)
  }

  values(z: Float64Array): Float64Array {
    const out = new Float64Array(z.length)
    for (let at = 0; at < out.length; at++) out[at] = this.value(z[at]!)
    return out
  }

  slopes(z: Float32Array): Float32Array {
    const out = new Float32Array(z.length)
    for (let at = 0; at < out.length; at++) out[at] = this.slope(z[at]!)
    return out
  }

  /** How much of the way down from z by `down` lies between the kinks. */
  fall(z: number, down: number, _up: number): number {
    const {low, high, slope} = this.#clip
    return slope * Math.max(0, Math.min(down - Math.max(0, z - high), z - low, high - low))
  }

  rise(z: number, _down: number, up: number): number {
    const {low, high, slope} = this.#clip
    return slope * Math.max(0, Math.min(up - Math.max(0, low - z), high - z, high - low))
  }

  cross(z: number, down: number, up: number): UnitLines {
    return cross(this.#clip, z, down, up)
  }
}

/** A line as its slope and its height at the center over f there. */
type Line = readonly [slope: number, height: number]

/**
 * Lines over [z - down, z + up], which holds one kink or both. Candidates above are the flat line at the top,
 * the line along the rising piece and the one from the left end over the upper kink; below likewise,
 * turned by half a turn. Of those that are valid the one nearest to f at the center is taken.
 */
function cross({low, high, slope}: Clip, z: number, down: number, up: number): UnitLines {
  const f = (at: number) => slope * Math.min(Math.max(at, low), high)
  const [left, right] = [z - down, z + up]
  const corners = [left, low, high, right].filter((at) => at >= left && at <= right)
  const through = (a: number, b: number) => (b > a ? Math.fround((f(b) - f(a)) / (b - a)) : 0)
  const slopes = [
    0,
    slope,
    through(left, Math.min(high, right)),
    through(Math.max(low, left), right),
  ]
  // A line of a given slope is put as low, or as high, as the corners of f let it.
  const above = (s: number): Line => [s, Math.max(...corners.map((c) => f(c) - s * (c - z))) - f(z)]
  const below = (s: number): Line => [s, f(z) - Math.min(...corners.map((c) => f(c) - s * (c - z)))]
  const nearest = (lines: Line[]) => lines.reduce((a, b) => (b[1] < a[1] ? b : a))
  const [upperSlope, upperGap] = nearest(slopes.map(above))
  const [lowerSlope, lowerGap] = nearest(slopes.map(below))
  return {lowerSlope, upperSlope, lowerGap: Math.max(0, lowerGap), upperGap: Math.max(0, upperGap)}
}

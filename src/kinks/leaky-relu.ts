import {
  leakyRelu as leakyReluOp,
  prelu,
  relu,
  type Tensor2D,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs'
import {type Elementwise, elementwiseKink, type UnitLines} from './elementwise.js'
import {anything, type Kink, type Range} from './kink.js'
import {marksAbove} from './marks.js'

/**
 * f(z) = z for z > 0 and slope z otherwise. Slope 0 is ReLU; any finite slope is allowed, below 0
 * and above 1 too, and another one for each unit (PReLU).
 */
export function leakyRelu(units: number, slope: number | Float64Array): Kink {
  return elementwiseKink(units, new LeakyRelu(units, slope))
}

/** A class, whose methods stay compiled from one snapshot to the next: see `Passage`. */
class LeakyRelu implements Elementwise {
  readonly thresholds = [0]
  readonly steepest: number
  readonly silent: boolean
  readonly alwaysMoving: boolean
  readonly monotone: boolean
  readonly exact: boolean
  readonly range: Range
  /** Slopes below 0: one, or one a unit. */
  readonly leftSlopes: Float64Array
  /** One a unit. */
  readonly #left: Float64Array

  constructor(units: number, slope: number | Float64Array) {
    const slopes = typeof slope === 'number' ? Float64Array.of(slope) : slope
    this.leftSlopes = slopes
    this.#left = typeof slope === 'number' ? new Float64Array(units).fill(slope) : slope
    this.steepest = slopes.reduce((most, own) => Math.max(most, Math.abs(own)), 1)
    this.silent = slopes.every((own) => own === 0)
    this.alwaysMoving = !this.silent
    this.monotone = slopes.every((own) => own >= 0)
    this.exact = this.silent
    this.range = this.silent ? [0, Number.POSITIVE_INFINITY] : anything
  }

  activation(z: Tensor2D): Tensor2D {
    const {leftSlopes} = this
    if (leftSlopes.length > 1) {
      const shape: [number, number] = [1, leftSlopes.length]
      return tidy(() => prelu(z, tensor2d(Float32Array.from(leftSlopes), shape)) as Tensor2D)
    }
    return this.silent ? relu(z) : leakyReluOp(z, leftSlopes[0])
  }

  value(z: number, unit: number): number {
    return this.slope(z, unit) * z
  }

  slope(z: number, unit: number): number {
    // Without a branch, which nothing could predict.
    const on = Number(z > 0)
    return on + (1 - on) * this.#left[unit]!
  }

  values(z: Float64Array): Float64Array {
    if (this.silent) return positivePart(z)
    const out = new Float64Array(z.length)
    const left = this.#left
    for (let start = 0; start < z.length; start += left.length) {
      for (let unit = 0, at = start; unit < left.length; unit++, at++) {
        const on = Number(z[at]! > 0)
        out[at] = (on + (1 - on) * left[unit]!) * z[at]!
      }
    }
    return out
  }

  slopes(z: Float32Array): Float32Array {
    if (this.silent) return marksAbove(z, 0)
    const out = new Float32Array(z.length)
    const left = this.#left
    for (let start = 0; start < z.length; start += left.length) {
      for (let unit = 0, at = start; unit < left.length; unit++, at++) {
        const on = Number(z[at]! > 0)
        out[at] = on + (1 - on) * left[unit]!
      }
    }
    return out
  }

  fall(z: number, down: number, up: number, unit: number): number {
    return reach(this.#left[unit]!, z, down, up).fall
  }

  rise(z: number, down: number, up: number, unit: number): number {
    return reach(this.#left[unit]!, z, down, up).rise
  }

  cross(z: number, down: number, up: number, unit: number): UnitLines {
    return cross(this.#left[unit]!, z, down, up)
  }
}

/** ReLU of each number, without a branch. */
function positivePart(z: Float64Array): Float64Array {
  const out = new Float64Array(z.length)
  for (let at = 0; at < out.length; at++) out[at] = Number(z[at]! > 0) * z[at]!
  return out
}

/**
 * Walks from z down by `down` and up by `up`, part of it on either side of the kink. Nothing is
 * subtracted that could cancel: f(z) - f(z - down) would lose a small ball's digits.
 */
function reach(slope: number, z: number, down: number, up: number): {fall: number; rise: number} {
  const downRight = Math.min(down, Math.max(z, 0))
  const upLeft = Math.min(up, Math.max(-z, 0))
  // 0 times infinity is no number.
  const fall = slope === 0 ? downRight : downRight + slope * (down - downRight)
  const rise = slope * upLeft + (up - upLeft)
  if (slope >= 0) return {fall, rise}
  // Not monotone: the extremes are among both ends and, if it is passed, the kink.
  return {
    fall: Math.max(0, downRight, fall, -slope * upLeft, -rise),
    rise: Math.max(0, -fall, slope * upLeft, rise),
  }
}

/**
 * Across the kink one line is the chord and the other a tangent of slope 1 or `slope`: chord above and
 * tangent below where f is convex (slope <= 1), the other way round where it is concave.
 */
function cross(slope: number, z: number, down: number, up: number): UnitLines {
  const value = z > 0 ? z : slope * z
  const low = z - down
  const high = z + up
  const tangent = high > -low ? 1 : slope
  const tangentGap = value - tangent * z
  const chord = Math.fround((high - slope * low) / (high - low))
  // The chord's slope is rounded, so its height is taken where it is needed most.
  const atHigh = high - chord * high
  const atLow = slope * low - chord * low
  if (slope <= 1) {
    const upperGap = Math.max(0, chord * z + Math.max(atHigh, atLow) - value)
    return {lowerSlope: tangent, lowerGap: tangentGap, upperSlope: chord, upperGap}
  }
  const lowerGap = Math.max(0, value - chord * z - Math.min(atHigh, atLow))
  return {upperSlope: tangent, upperGap: -tangentGap, lowerSlope: chord, lowerGap}
}

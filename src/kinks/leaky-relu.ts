import {
  leakyRelu as leakyReluOp,
  prelu,
  relu,
  type Tensor2D,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs'
import {type Elementwise, elementwiseKink, type UnitLines} from './elementwise.js'
import {anything, type Kink} from './kink.js'
import {marksAbove} from './marks.js'

/**
 * f(z) = z for z > 0 and slope z otherwise. Slope 0 is ReLU; any finite slope is allowed, below 0
 * and above 1 too, and another one for each unit (PReLU).
 */
export function leakyRelu(units: number, slope: number | Float64Array): Kink {
  const kink = elementwiseKink(
    units,
    typeof slope === 'number' ? oneSlope(units, slope) : manySlopes(slope),
  )
  return {...kink, leftSlopes: typeof slope === 'number' ? Float64Array.of(slope) : slope}
}

function oneSlope(units: number, slope: number): Elementwise {
  return {
    ...shared(new Float64Array(units).fill(slope)),
    ...(slope === 0 && {values: positivePart, slopes: (z: Float32Array) => marksAbove(z, 0)}),
    steepest: Math.max(1, Math.abs(slope)),
    silent: slope === 0,
    alwaysMoving: slope !== 0,
    monotone: slope >= 0,
    exact: slope === 0,
    range: slope === 0 ? [0, Number.POSITIVE_INFINITY] : anything,
    activation: (z) => (slope === 0 ? relu(z) : leakyReluOp(z, slope)),
  }
}

/** ReLU of each number, without a branch. */
function positivePart(z: Float64Array): Float64Array {
  const out = new Float64Array(z.length)
  for (let at = 0; at < out.length; at++) out[at] = Number(z[at]! > 0) * z[at]!
  return out
}

function manySlopes(slopes: Float64Array): Elementwise {
  const silent = slopes.every((slope) => slope === 0)
  return {
    ...shared(slopes),
    steepest: slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 1),
    silent,
    alwaysMoving: !silent,
    monotone: slopes.every((slope) => slope >= 0),
    exact: silent,
    range: silent ? [0, Number.POSITIVE_INFINITY] : anything,
    activation: (z) =>
      tidy(() => prelu(z, tensor2d(Float32Array.from(slopes), [1, slopes.length])) as Tensor2D),
  }
}

type Shared = Omit<
  Elementwise,
  'steepest' | 'silent' | 'alwaysMoving' | 'monotone' | 'exact' | 'range' | 'activation'
>

/** @param left the slope below 0, one a unit */
function shared(left: Float64Array): Shared {
  const units = left.length
  // Without a branch, which nothing could predict.
  const slope = (z: number, unit: number) => {
    const on = Number(z > 0)
    return on + (1 - on) * left[unit]!
  }
  return {
    thresholds: [0],
    value: (z, unit) => slope(z, unit) * z,
    slope,
    values: (z) => {
      const out = new Float64Array(z.length)
      for (let start = 0; start < z.length; start += units) {
        for (let unit = 0, at = start; unit < units; unit++, at++) {
          const on = Number(z[at]! > 0)
          out[at] = (on + (1 - on) * left[unit]!) * z[at]!
        }
      }
      return out
    },
    slopes: (z) => {
      const out = new Float32Array(z.length)
      for (let start = 0; start < z.length; start += units) {
        for (let unit = 0, at = start; unit < units; unit++, at++) {
          const on = Number(z[at]! > 0)
          out[at] = on + (1 - on) * left[unit]!
        }
      }
      return out
    },
    fall: (z, down, up, unit) => reach(left[unit]!, z, down, up).fall,
    rise: (z, down, up, unit) => reach(left[unit]!, z, down, up).rise,
    cross: (z, down, up, unit) => cross(left[unit]!, z, down, up),
  }
}

/**
 * Walks from z down by `down` and up by `up`, part of it on either side of the kink. Nothing is
 * subtracted that could cancel: f(z) - f(z - down) would lose a small ball's digits.
 */
function reach(slope: number, z: number, down: number, up: number): {fall: number; rise: number} {
  const downRight = Math.min(down, Math.max(z, 0))
  const upLeft = Math.min(up, Math.max(-z, 0))
  const fall = downRight + slope * (down - downRight)
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

import {leakyRelu as leakyReluOp, relu, type Tensor2D} from '@tensorflow/tfjs'
import {type Deviations, isUnstable, type Kink, type Lines} from './kink.js'

/**
 * f(z) = z for z > 0 and slope z otherwise. Slope 0 is ReLU; any finite slope is allowed, below 0
 * and above 1 too.
 */
export function leakyRelu(slope: number): Kink {
  const value = (z: number) => (z > 0 ? z : slope * z)
  return {
    kinks: 1,
    steepest: Math.max(1, Math.abs(slope)),
    silent: slope === 0,
    value,
    activation: (z) => (slope === 0 ? relu(z) : leakyReluOp(z, slope)) as Tensor2D,
    slopes: (z) => z.map((zi) => (zi > 0 ? 1 : slope)),
    image: (z, deviations) => image(slope, z, deviations),
    lines: (z, deviations) => lines(slope, value, z, deviations),
  }
}

/**
 * Walks from z down by `below` and up by `above`, part of it on either side of the kink. Nothing is
 * subtracted that could cancel: f(z) - f(z - below) would lose a small ball's digits.
 */
function image(slope: number, z: Float32Array, {below, above}: Deviations): Deviations {
  const size = z.length
  const outBelow = new Float32Array(size)
  const outAbove = new Float32Array(size)
  for (let i = 0; i < size; i++) {
    const zi = z[i]!
    const down = below[i]!
    const up = above[i]!
    const downRight = Math.min(down, Math.max(zi, 0))
    const upLeft = Math.min(up, Math.max(-zi, 0))
    const fall = downRight + slope * (down - downRight)
    const rise = slope * upLeft + (up - upLeft)
    if (slope >= 0) {
      outBelow[i] = fall
      outAbove[i] = rise
    } else {
      // Not monotone: the extremes are among both ends and, if it is passed, the kink.
      outBelow[i] = Math.max(0, downRight, fall, -slope * upLeft, -rise)
      outAbove[i] = Math.max(0, -downRight, -fall, slope * upLeft, rise)
    }
  }
  return {below: outBelow, above: outAbove}
}

/**
 * Across the kink one line is the chord and the other a tangent of slope 1 or `slope`: chord above and
 * tangent below where f is convex (slope <= 1), the other way round where it is concave.
 */
function lines(
  slope: number,
  value: (z: number) => number,
  z: Float32Array,
  {below, above}: Deviations,
): Lines {
  const size = z.length
  const lowerSlope = new Float32Array(size)
  const upperSlope = new Float32Array(size)
  const lowerGap = new Float32Array(size)
  const upperGap = new Float32Array(size)
  let bent = false
  for (let i = 0; i < size; i++) {
    const zi = z[i]!
    const down = below[i]!
    const up = above[i]!
    if (!isUnstable(zi, down, up)) {
      lowerSlope[i] = upperSlope[i] = up > -zi ? 1 : slope
      continue
    }
    bent = true
    const lo = zi - down
    const hi = zi + up
    const center = value(zi)
    const tangent = hi > -lo ? 1 : slope
    const chord = Math.fround((hi - slope * lo) / (hi - lo))
    const tangentGap = center - tangent * zi
    // The chord's slope is rounded, so its height is taken where it is needed most.
    const ends = [hi - chord * hi, slope * lo - chord * lo] as const
    if (slope <= 1) {
      lowerSlope[i] = tangent
      lowerGap[i] = tangentGap
      upperSlope[i] = chord
      upperGap[i] = Math.max(0, chord * zi + Math.max(...ends) - center)
    } else {
      upperSlope[i] = tangent
      upperGap[i] = -tangentGap
      lowerSlope[i] = chord
      lowerGap[i] = Math.max(0, center - chord * zi - Math.min(...ends))
    }
  }
  return {lowerSlope, upperSlope, lowerGap, upperGap, bent}
}

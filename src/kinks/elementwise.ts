import type {Tensor2D} from '@tensorflow/tfjs'
import {once} from '../once.js'
import {type Deviations, type Kink, type KinkAtPoints, type Lines, straight} from './kink.js'
import {secantsOf} from './secants.js'

/** Lines of one unit, written into the arrays at its place. */
export interface UnitLines {
  lowerSlope: number
  upperSlope: number
  lowerGap: number
  upperGap: number
}

/** A function of one number a unit, the same or another for each unit. */
export interface Elementwise {
  /** Where it bends, in rising order: one place, or two. */
  readonly thresholds: readonly number[]
  readonly steepest: number
  readonly silent: boolean
  /** Whether every piece has a slope, so that every unit's output can move. */
  readonly alwaysMoving: boolean
  activation(z: Tensor2D): Tensor2D
  value(z: number, unit: number): number
  slope(z: number, unit: number): number
  /** How far the output can fall and rise when z falls by at most `down` and rises by at most `up`. */
  fall(z: number, down: number, up: number, unit: number): number
  rise(z: number, down: number, up: number, unit: number): number
  /** Lines over [z - down, z + up], which holds a threshold. */
  cross(z: number, down: number, up: number, unit: number): UnitLines
}

/** A kink that acts on every number alone. */
export function elementwiseKink(units: number, f: Elementwise): Kink {
  return {
    candidates: 1,
    steepest: f.steepest,
    silent: f.silent,
    activation: f.activation,
    value64: (z) => z.map((zi, unit) => f.value(zi, unit)),
    at: (z, rounding) => atPoints(units, f, z, rounding),
  }
}

function atPoints(
  units: number,
  f: Elementwise,
  z: Float32Array,
  rounding: Float32Array,
): KinkAtPoints {
  const {thresholds} = f
  const gap64 = (value: number) => {
    let least = Number.POSITIVE_INFINITY
    for (let k = 0; k < thresholds.length; k++) {
      least = Math.min(least, Math.abs(value - thresholds[k]!))
    }
    return least
  }
  const openSides = (at: number, below: number, above: number): 0 | 1 | 2 | 3 => {
    let sides = 0
    for (let k = 0; k < thresholds.length; k++) {
      const height = z[at]! - thresholds[k]!
      if (below > height && above > -height) sides |= height >= 0 ? 1 : 2
    }
    return sides as 0 | 1 | 2 | 3
  }
  const slopes = once(() => eachNumber(units, z.length, (at, unit) => f.slope(z[at]!, unit)))
  const gap = eachNumber(units, z.length, (at) => gap64(z[at]!))
  /** The slope of a decided unit. One that at most touches a kink from below lies left of it. */
  const decidedSlope = (at: number, above: number, unit: number) =>
    gap[at] === 0 && above > 0 ? f.slope(z[at]! + above, unit) : slopes()[at]!
  return {
    forms: units,
    plain: true,
    center: z,
    rounding,
    gap,
    gap64,
    first: (at) => at % units,
    second: () => -1,
    unit: (form) => form,
    formDeviations: (numbers) => numbers,
    openSides,
    image: (_, {below, above}) => {
      const out = {below: new Float32Array(z.length), above: new Float32Array(z.length)}
      for (let start = 0; start < z.length; start += units) {
        for (let unit = 0, at = start; unit < units; unit++, at++) {
          const [down, up] = [below[at]!, above[at]!]
          if (openSides(at, down, up) === 0) {
            const slope = decidedSlope(at, up, unit)
            if (slope === 0) continue
            out.below[at] = slope > 0 ? slope * down : -slope * up
            out.above[at] = slope > 0 ? slope * up : -slope * down
          } else {
            out.below[at] = f.fall(z[at]!, down, up, unit)
            out.above[at] = f.rise(z[at]!, down, up, unit)
          }
        }
      }
      return out
    },
    lines: (forms) => crossingLines(units, f, z, forms, openSides, decidedSlope),
    tangents: () => straight(slopes()),
    secants: (forms) => secantsOf(units, f, z, rounding, forms, openSides, decidedSlope),
    changesToKinks: (at, {below, above}) =>
      thresholds
        .filter((t) => below[at]! > z[at]! - t && above[at]! > t - z[at]!)
        .map((t) => t - z[at]!),
    passing: ({below, above}) =>
      f.alwaysMoving
        ? undefined
        : eachNumber(units, z.length, (at, unit) =>
            openSides(at, below[at]!, above[at]!) === 0 && decidedSlope(at, above[at]!, unit) === 0
              ? 0
              : 1,
          ),
    surelyFlat: (at) => gap[at]! > rounding[at]! && slopes()[at] === 0,
    pieces: (onlySure) => piecesAt(thresholds, z, onlySure ? rounding : undefined),
    counts: (point, {below, above}) => {
      let [unstable, active, doubles] = [0, 0, 0]
      const start = point * units
      for (let unit = 0, at = start; unit < units; unit++, at++) {
        let kinks = 0
        for (let k = 0; k < thresholds.length; k++) {
          const height = z[at]! - thresholds[k]!
          if (below[at]! > height && above[at]! > -height) kinks++
        }
        if (kinks > 0) unstable++
        if (kinks > 1) doubles++
        if (kinks === 0 && decidedSlope(at, above[at]!, unit) !== 0) {
          // A unit of a leaky slope is called active where it is on the right of its kink.
          if (!f.alwaysMoving || z[at]! + above[at]! > thresholds[0]!) active++
        }
      }
      const moving = f.alwaysMoving ? units : unstable + active
      return {unstable, active, kinks: unstable - doubles, doubles, moving}
    },
    bounds: ({below, above}) => ({
      lower: z.map((zi, at) => zi - below[at]!),
      upper: z.map((zi, at) => zi + above[at]!),
    }),
  }
}

/** One number for each of all points' units; `at` counts over points, `unit` within one. */
function eachNumber(
  units: number,
  length: number,
  make: (at: number, unit: number) => number,
): Float32Array {
  const out = new Float32Array(length)
  for (let start = 0; start < length; start += units) {
    for (let unit = 0, at = start; unit < units; unit++, at++) out[at] = make(at, unit)
  }
  return out
}

/** How many thresholds each number exceeds; -1 where one is within the room for rounding. */
function piecesAt(
  thresholds: readonly number[],
  z: Float32Array,
  room: Float32Array | undefined,
): Int32Array {
  const pieces = new Int32Array(z.length)
  for (const t of thresholds) {
    for (let at = 0; at < z.length; at++) {
      const height = z[at]! - t
      if (room && Math.abs(height) <= room[at]!) pieces[at] = -1
      else if (height > 0 && pieces[at]! >= 0) pieces[at]!++
    }
  }
  return pieces
}

function crossingLines(
  units: number,
  f: Elementwise,
  z: Float32Array,
  {below, above}: Deviations,
  openSides: KinkAtPoints['openSides'],
  decidedSlope: (at: number, above: number, unit: number) => number,
): Lines {
  const lines = {
    lowerSlope: new Float32Array(z.length),
    upperSlope: new Float32Array(z.length),
    lowerGap: new Float32Array(z.length),
    upperGap: new Float32Array(z.length),
  }
  let bent = false
  for (let start = 0; start < z.length; start += units) {
    for (let unit = 0, at = start; unit < units; unit++, at++) {
      const [down, up] = [below[at]!, above[at]!]
      if (openSides(at, down, up) === 0) {
        lines.lowerSlope[at] = lines.upperSlope[at] = decidedSlope(at, up, unit)
        continue
      }
      bent = true
      const found = f.cross(z[at]!, down, up, unit)
      lines.lowerSlope[at] = found.lowerSlope
      lines.upperSlope[at] = found.upperSlope
      lines.lowerGap[at] = found.lowerGap
      lines.upperGap[at] = found.upperGap
    }
  }
  return {...lines, bent}
}

import {once} from '../once.js'
import type {Elementwise} from './elementwise.js'
import {type Deviations, type KinkAtPoints, type Lines, straight} from './kink.js'
import {secantsOf} from './secants.js'

/** A function of one number a unit at the pre-activations of some points. */
export function elementwiseAtPoints(
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
  const gap = gapsTo(thresholds, z)
  const slopes = once(() => eachNumber(units, z.length, (at, unit) => f.slope(z[at]!, unit)))
  const own = {units, f, z, gap, slopes}
  const openSides = (at: number, below: number, above: number): 0 | 1 | 2 | 3 => {
    let sides = 0
    for (let k = 0; k < thresholds.length; k++) {
      const height = z[at]! - thresholds[k]!
      if (below > height && above > -height) sides |= height >= 0 ? 1 : 2
    }
    return sides as 0 | 1 | 2 | 3
  }
  // Lines, counts and what passes on are asked of the same deviations.
  let last: {readonly forms: Deviations; readonly open: Uint8Array} | undefined
  const openKinks = (forms: Deviations): Uint8Array => {
    if (last?.forms !== forms) last = {forms, open: countOpen(thresholds, z, forms)}
    return last.open
  }
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
    image: (_, forms) => imageOf(own, forms, openKinks(forms)),
    lines: (forms) => crossingLines(own, forms, openKinks(forms)),
    tangents: () => straight(slopes()),
    secants: (forms) =>
      secantsOf(units, f, z, rounding, forms, openKinks(forms), (at, above, unit) =>
        decidedSlope(own, at, above, unit),
      ),
    changesToKinks: (at, {below, above}) =>
      thresholds
        .filter((t) => below[at]! > z[at]! - t && above[at]! > t - z[at]!)
        .map((t) => t - z[at]!),
    passing: (forms) => (f.alwaysMoving ? undefined : movingUnits(own, forms, openKinks(forms))),
    surelyFlat: (at) => gap[at]! > rounding[at]! && slopes()[at] === 0,
    pieces: (onlySure) => piecesAt(thresholds, z, onlySure ? rounding : undefined),
    counts: (point, forms) => {
      const open = openKinks(forms)
      let [unstable, active, doubles] = [0, 0, 0]
      for (let unit = 0, at = point * units; unit < units; unit++, at++) {
        if (open[at]! > 0) {
          unstable++
          if (open[at]! > 1) doubles++
        } else if (decidedSlope(own, at, forms.above[at]!, unit) !== 0) {
          // A unit of a leaky slope is called active where it is on the right of its kink.
          if (!f.alwaysMoving || z[at]! + forms.above[at]! > thresholds[0]!) active++
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

/** A function at the pre-activations of some points. */
interface AtPoints {
  readonly units: number
  readonly f: Elementwise
  readonly z: Float32Array
  readonly gap: Float32Array
  /** Slope at each of them. */
  slopes(): Float32Array
}

/** How far each number is from the nearest threshold. */
function gapsTo(thresholds: readonly number[], z: Float32Array): Float32Array {
  const gap = new Float32Array(z.length).fill(Number.POSITIVE_INFINITY)
  for (const t of thresholds) {
    for (let at = 0; at < z.length; at++) gap[at] = Math.min(gap[at]!, Math.abs(z[at]! - t))
  }
  return gap
}

/** How many thresholds lie within the deviations of each number. */
function countOpen(
  thresholds: readonly number[],
  z: Float32Array,
  {below, above}: Deviations,
): Uint8Array {
  const open = new Uint8Array(z.length)
  for (const t of thresholds) {
    for (let at = 0; at < z.length; at++) {
      const height = z[at]! - t
      if (below[at]! > height && above[at]! > -height) open[at]!++
    }
  }
  return open
}

/** The slope of a decided unit. One that at most touches a kink from below lies left of it. */
function decidedSlope({f, z, gap, slopes}: AtPoints, at: number, above: number, unit: number) {
  return gap[at] === 0 && above > 0 ? f.slope(z[at]! + above, unit) : slopes()[at]!
}

/** Deviations of the outputs. */
function imageOf(own: AtPoints, {below, above}: Deviations, open: Uint8Array): Deviations {
  const {units, f, z} = own
  const out = {below: new Float32Array(z.length), above: new Float32Array(z.length)}
  for (let start = 0; start < z.length; start += units) {
    for (let unit = 0, at = start; unit < units; unit++, at++) {
      const down = below[at]!
      const up = above[at]!
      if (open[at] === 0) {
        const slope = decidedSlope(own, at, up, unit)
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
}

/** 1 for each unit whose output can move, 0 for the others. */
function movingUnits(own: AtPoints, {above}: Deviations, open: Uint8Array): Float32Array {
  const {units, z} = own
  return eachNumber(units, z.length, (at, unit) =>
    open[at] === 0 && decidedSlope(own, at, above[at]!, unit) === 0 ? 0 : 1,
  )
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

function crossingLines(own: AtPoints, {below, above}: Deviations, open: Uint8Array): Lines {
  const {units, f, z} = own
  const lines = {
    lowerSlope: new Float32Array(z.length),
    upperSlope: new Float32Array(z.length),
    lowerGap: new Float32Array(z.length),
    upperGap: new Float32Array(z.length),
  }
  let bent = false
  for (let start = 0; start < z.length; start += units) {
    for (let unit = 0, at = start; unit < units; unit++, at++) {
      if (open[at] === 0) {
        const slope = decidedSlope(own, at, above[at]!, unit)
        lines.lowerSlope[at] = slope
        lines.upperSlope[at] = slope
        continue
      }
      bent = true
      const found = f.cross(z[at]!, below[at]!, above[at]!, unit)
      lines.lowerSlope[at] = found.lowerSlope
      lines.upperSlope[at] = found.upperSlope
      lines.lowerGap[at] = found.lowerGap
      lines.upperGap[at] = found.upperGap
    }
  }
  return {...lines, bent}
}

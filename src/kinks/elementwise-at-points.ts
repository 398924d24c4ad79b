import {once} from '../once.js'
import {roundedDown, roundedUp} from '../rounding.js'
import {productOf} from '../simd/elementwise.js'
import {borrow} from '../spare-arrays.js'
import {type AtPoints, type Decided, decide, merged} from './decide.js'
import type {Elementwise} from './elementwise.js'
import {type Deviations, type KinkAtPoints, type Lines, straight} from './kink.js'
import {marksAbove, nonZero, sumsOfPoints} from './marks.js'
import {placesReaching} from './reaching.js'
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
  const slopes = once(() => f.slopes(z))
  const active = once(() => {
    if (f.alwaysMoving) return marksAbove(z, thresholds[0]!)
    // A ReLU's slopes are the marks.
    return f.silent && f.steepest === 1 ? slopes() : nonZero(slopes())
  })
  const own = {units, f, z, gap, slopes, active}
  const activeAtCenter = once(() => sumsOfPoints(active(), units))
  const openSides = (at: number, below: number, above: number): 0 | 1 | 2 | 3 => {
    let sides = 0
    for (let k = 0; k < thresholds.length; k++) {
      const height = z[at]! - thresholds[k]!
      if (below > height && above > -height) sides |= height >= 0 ? 1 : 2
    }
    return sides as 0 | 1 | 2 | 3
  }
  // Lines, counts and what passes on are asked of the same deviations.
  const known = new WeakMap<Deviations, Decided>()
  const decidedBy = (forms: Deviations): Decided => {
    const found = known.get(forms) ?? decide(own, forms, placesReaching(gap, forms))
    known.set(forms, found)
    return found
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
    openPlaces: (forms) => decidedBy(forms).openAt,
    narrow: (forms, within) => {
      const {openAt, rising} = decidedBy(within)
      known.set(forms, decide(own, forms, merged(openAt, rising)))
    },
    image: (_, forms) => imageOf(own, forms, decidedBy(forms)),
    lines: (forms) => crossingLines(own, forms, decidedBy(forms)),
    tangents: () => straight(slopes()),
    secants: (forms) => secantsOf(units, f, z, rounding, forms, decidedBy(forms)),
    changesToKinks: (places, {below, above}) => {
      const starts = new Int32Array(places.length + 1)
      const values = new Float64Array(places.length * thresholds.length)
      let count = 0
      for (let i = 0; i < places.length; i++) {
        const at = places[i]!
        for (let k = 0; k < thresholds.length; k++) {
          const change = thresholds[k]! - z[at]!
          if (below[at]! > -change && above[at]! > change) values[count++] = change
        }
        starts[i + 1] = count
      }
      return {starts, values: values.subarray(0, count)}
    },
    passing: (forms) => (f.alwaysMoving ? undefined : movingUnits(active(), decidedBy(forms))),
    surelyFlat: (at) => gap[at]! > rounding[at]! && slopes()[at] === 0,
    pieces: (onlySure) => piecesAt(thresholds, z, onlySure ? rounding : undefined),
    counts: (point, forms) => {
      const counts = decidedBy(forms).counts()
      const [unstable, doubles] = [counts.unstable[point]!, counts.doubles[point]!]
      const active = activeAtCenter()[point]! + counts.moreActive[point]!
      const moving = f.alwaysMoving ? units : unstable + active
      return {unstable, active, kinks: unstable - doubles, doubles, moving}
    },
    bounds: ({below, above}) => ({
      lower: z.map((zi, at) => roundedDown(zi - below[at]!)),
      upper: z.map((zi, at) => roundedUp(zi + above[at]!)),
    }),
  }
}

/** How far each number is from the nearest threshold. */
function gapsTo(thresholds: readonly number[], z: Float32Array): Float32Array {
  const [first, ...others] = thresholds
  const gap = new Float32Array(z.length)
  for (let at = 0; at < gap.length; at++) gap[at] = Math.abs(z[at]! - first!)
  for (const t of others) {
    for (let at = 0; at < gap.length; at++) gap[at] = Math.min(gap[at]!, Math.abs(z[at]! - t))
  }
  return gap
}

/** Deviations of the outputs. */
function imageOf(
  {units, f, z}: AtPoints,
  {below, above}: Deviations,
  decided: Decided,
): Deviations {
  const {openAt, slope} = decided
  const out = f.monotone
    ? {below: productOf(slope, below), above: productOf(slope, above)}
    : turned(slope, below, above)
  for (const at of openAt) {
    out.below[at] = f.fall(z[at]!, below[at]!, above[at]!, at % units)
    out.above[at] = f.rise(z[at]!, below[at]!, above[at]!, at % units)
  }
  return out
}

/** What slopes of either sign make of deviations: those below 0 turn them over. */
function turned(slope: Float32Array, below: Float32Array, above: Float32Array): Deviations {
  const out = {below: new Float32Array(slope.length), above: new Float32Array(slope.length)}
  for (let at = 0; at < slope.length; at++) {
    // Without a branch.
    const rising = (Math.abs(slope[at]!) + slope[at]!) / 2
    const falling = rising - slope[at]!
    out.below[at] = rising * below[at]! + falling * above[at]!
    out.above[at] = rising * above[at]! + falling * below[at]!
  }
  return out
}

/** 1 for each unit whose output can move, 0 for the others. Nearly all units are as they are at the center. Borrowed. */
function movingUnits(atCenter: Float32Array, {openAt, rising, slope}: Decided): Float32Array {
  const moving = borrow(atCenter.length)
  moving.set(atCenter)
  for (const at of rising) moving[at] = slope[at] !== 0 ? 1 : 0
  for (const at of openAt) moving[at] = 1
  return moving
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

/** Decided units have one line, of their slope. Arrays are borrowed. */
function crossingLines(
  {units, f, z}: AtPoints,
  {below, above}: Deviations,
  decided: Decided,
): Lines {
  const {openAt, slope} = decided
  const lines = {
    lowerSlope: borrow(z.length),
    upperSlope: borrow(z.length),
    lowerGap: borrow(z.length).fill(0),
    upperGap: borrow(z.length).fill(0),
    bent: openAt.length > 0,
    bentAt: openAt,
  }
  lines.lowerSlope.set(slope)
  lines.upperSlope.set(slope)
  for (const at of openAt) {
    const found = f.cross(z[at]!, below[at]!, above[at]!, at % units)
    lines.lowerSlope[at] = found.lowerSlope
    lines.upperSlope[at] = found.upperSlope
    lines.lowerGap[at] = found.lowerGap
    lines.upperGap[at] = found.upperGap
  }
  return lines
}

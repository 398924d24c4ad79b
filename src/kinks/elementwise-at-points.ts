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
  const known = new WeakMap<Deviations, Decided>()
  const decidedBy = (forms: Deviations): Decided => {
    const found = known.get(forms) ?? decide(own, forms)
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
    image: (_, forms) => imageOf(own, forms, decidedBy(forms)),
    lines: (forms) => crossingLines(own, forms, decidedBy(forms)),
    tangents: () => straight(slopes()),
    secants: (forms) => secantsOf(units, f, z, rounding, forms, decidedBy(forms)),
    changesToKinks: (at, {below, above}) =>
      thresholds
        .filter((t) => below[at]! > z[at]! - t && above[at]! > t - z[at]!)
        .map((t) => t - z[at]!),
    passing: (forms) => (f.alwaysMoving ? undefined : movingUnits(decidedBy(forms))),
    surelyFlat: (at) => gap[at]! > rounding[at]! && slopes()[at] === 0,
    pieces: (onlySure) => piecesAt(thresholds, z, onlySure ? rounding : undefined),
    counts: (point, forms) => {
      const {open, slope} = decidedBy(forms)
      let [unstable, active, doubles] = [0, 0, 0]
      // A unit of a leaky slope is called active where it is on the right of its kink.
      const right = (at: number) => Number(z[at]! + forms.above[at]! > thresholds[0]!)
      for (let at = point * units, end = at + units; at < end; at++) {
        const decided = Number(open[at] === 0)
        unstable += 1 - decided
        doubles += Number(open[at]! > 1)
        active += decided * (f.alwaysMoving ? right(at) : Number(slope[at] !== 0))
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
  const [first, ...others] = thresholds
  const gap = new Float32Array(z.length)
  for (let at = 0; at < gap.length; at++) gap[at] = Math.abs(z[at]! - first!)
  for (const t of others) {
    for (let at = 0; at < gap.length; at++) gap[at] = Math.min(gap[at]!, Math.abs(z[at]! - t))
  }
  return gap
}

/** What deviations decide of each number. */
export interface Decided {
  /** How many thresholds lie within its deviations: 0 where it is decided. */
  readonly open: Uint8Array
  /** The places of those that are not decided, in rising order. */
  readonly openAt: Int32Array
  /** The slope of each decided unit. One that at most touches a kink from below lies left of it. */
  readonly slope: Float32Array
}

function decide({units, f, z, gap, slopes}: AtPoints, {below, above}: Deviations): Decided {
  const open = new Uint8Array(z.length)
  const places = new Int32Array(z.length)
  let slope = slopes()
  let count = 0
  for (let at = 0; at < z.length; at++) {
    // Nearly all are farther from their kinks than they move; a gap is rounded, so one float32 less.
    if (below[at]! < gap[at]! && above[at]! < gap[at]!) continue
    for (const t of f.thresholds) {
      const height = z[at]! - t
      if (below[at]! > height && above[at]! > -height) open[at]!++
    }
    if (open[at]! > 0) places[count++] = at
    else if (gap[at] === 0 && above[at]! > 0) {
      if (slope === slopes()) slope = slope.slice()
      slope[at] = f.slope(z[at]! + above[at]!, at % units)
    }
  }
  return {open, openAt: places.slice(0, count), slope}
}

/** Deviations of the outputs. */
function imageOf(
  {units, f, z}: AtPoints,
  {below, above}: Deviations,
  decided: Decided,
): Deviations {
  const {openAt, slope} = decided
  const out = {below: new Float32Array(z.length), above: new Float32Array(z.length)}
  for (let at = 0; at < z.length; at++) {
    // What turns up and what turns over, without a branch.
    const rising = (Math.abs(slope[at]!) + slope[at]!) / 2
    const falling = rising - slope[at]!
    out.below[at] = rising * below[at]! + falling * above[at]!
    out.above[at] = rising * above[at]! + falling * below[at]!
  }
  for (const at of openAt) {
    out.below[at] = f.fall(z[at]!, below[at]!, above[at]!, at % units)
    out.above[at] = f.rise(z[at]!, below[at]!, above[at]!, at % units)
  }
  return out
}

/** 1 for each unit whose output can move, 0 for the others. */
function movingUnits({openAt, slope}: Decided): Float32Array {
  const moving = new Float32Array(slope.length)
  for (let at = 0; at < moving.length; at++) moving[at] = Number(slope[at] !== 0)
  for (const at of openAt) moving[at] = 1
  return moving
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

/** Decided units have one line, of their slope. */
function crossingLines(
  {units, f, z}: AtPoints,
  {below, above}: Deviations,
  decided: Decided,
): Lines {
  const {openAt, slope} = decided
  const lines = {
    lowerSlope: slope.slice(),
    upperSlope: slope.slice(),
    lowerGap: new Float32Array(z.length),
    upperGap: new Float32Array(z.length),
    bent: openAt.length > 0,
    bentAt: openAt,
  }
  for (const at of openAt) {
    const found = f.cross(z[at]!, below[at]!, above[at]!, at % units)
    lines.lowerSlope[at] = found.lowerSlope
    lines.upperSlope[at] = found.upperSlope
    lines.lowerGap[at] = found.lowerGap
    lines.upperGap[at] = found.upperGap
  }
  return lines
}

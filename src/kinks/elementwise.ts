import type {Tensor2D} from '@tensorflow/tfjs'
import {
  type Deviations,
  type Kink,
  type KinkAtPoints,
  type Lines,
  type Secants,
  straight,
} from './kink.js'
import {secantSlopes} from './secant.js'

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
  const gap64 = (value: number) =>
    f.thresholds.reduce(
      (least, t) => Math.min(least, Math.abs(value - t)),
      Number.POSITIVE_INFINITY,
    )
  const openSides = (at: number, below: number, above: number): 0 | 1 | 2 | 3 => {
    let sides = 0
    for (const t of f.thresholds) {
      const height = z[at]! - t
      if (below > height && above > -height) sides |= height >= 0 ? 1 : 2
    }
    return sides as 0 | 1 | 2 | 3
  }
  const undecided = (at: number, {below, above}: Deviations) =>
    f.thresholds.filter((t) => below[at]! > z[at]! - t && above[at]! > t - z[at]!)
  return {
    forms: units,
    center: z,
    rounding,
    gap: z.map(gap64),
    gap64,
    first: (at) => at % units,
    second: () => -1,
    unit: (form) => form,
    formDeviations: (numbers) => numbers,
    openSides,
    image: (_, {below, above}) => ({
      below: z.map((zi, at) => f.fall(zi, below[at]!, above[at]!, at % units)),
      above: z.map((zi, at) => f.rise(zi, below[at]!, above[at]!, at % units)),
    }),
    lines: (forms) => crossingLines(units, f, z, forms, openSides),
    secants: (forms) => secants(units, f, z, rounding, forms, openSides),
    changesToKinks: (at, forms) => undecided(at, forms).map((t) => t - z[at]!),
    tangents: () => straight(z.map((zi, at) => f.slope(zi, at % units))),
    passing: ({below, above}) =>
      f.alwaysMoving
        ? undefined
        : z.map((zi, at) => {
            const still =
              openSides(at, below[at]!, above[at]!) === 0 &&
              pieceSlope(f, zi, above[at]!, at % units) === 0
            return still ? 0 : 1
          }),
    pieces: (onlySure) => piecesAt(f.thresholds, z, onlySure ? rounding : undefined),
    counts: (point, forms) => {
      let [unstable, active, doubles] = [0, 0, 0]
      for (let at = point * units; at < (point + 1) * units; at++) {
        const kinks = undecided(at, forms).length
        if (kinks > 0) unstable++
        if (kinks > 1) doubles++
        if (kinks === 0 && pieceSlope(f, z[at]!, forms.above[at]!, at % units) !== 0) {
          // A unit of a leaky slope is called active where it is on the right of its kink.
          if (!f.alwaysMoving || z[at]! + forms.above[at]! > f.thresholds[0]!) active++
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

/** The slope of a decided unit. A unit that at most touches a kink from below lies left of it. */
function pieceSlope(f: Elementwise, z: number, above: number, unit: number): number {
  return f.slope(f.thresholds.includes(z) && above > 0 ? z + above : z, unit)
}

function crossingLines(
  units: number,
  f: Elementwise,
  z: Float32Array,
  {below, above}: Deviations,
  openSides: KinkAtPoints['openSides'],
): Lines {
  const lines = {
    lowerSlope: new Float32Array(z.length),
    upperSlope: new Float32Array(z.length),
    lowerGap: new Float32Array(z.length),
    upperGap: new Float32Array(z.length),
  }
  let bent = false
  for (let at = 0; at < z.length; at++) {
    const [down, up, unit] = [below[at]!, above[at]!, at % units]
    if (openSides(at, down, up) === 0) {
      lines.lowerSlope[at] = lines.upperSlope[at] = pieceSlope(f, z[at]!, up, unit)
      continue
    }
    bent = true
    const found = f.cross(z[at]!, down, up, unit)
    lines.lowerSlope[at] = found.lowerSlope
    lines.upperSlope[at] = found.upperSlope
    lines.lowerGap[at] = found.lowerGap
    lines.upperGap[at] = found.upperGap
  }
  return {...lines, bent}
}

function secants(
  units: number,
  f: Elementwise,
  z: Float32Array,
  rounding: Float32Array,
  {below, above}: Deviations,
  openSides: KinkAtPoints['openSides'],
): Secants {
  const slope = new Float32Array(z.length)
  const halfWidth = new Float32Array(z.length)
  const gap = new Float32Array(z.length)
  for (let at = 0; at < z.length; at++) {
    const [down, up, unit] = [below[at]!, above[at]!, at % units]
    if (openSides(at, down, up) === 0) {
      slope[at] = pieceSlope(f, z[at]!, up, unit)
      continue
    }
    const [least, most] = secantSlopes(f, z[at]!, rounding[at]!, down, up, unit)
    const middle = Math.fround((least + most) / 2)
    slope[at] = middle
    // The middle is rounded, and so is this.
    halfWidth[at] = Math.max(most - middle, middle - least) * (1 + 2 ** -22)
    gap[at] = halfWidth[at]! * Math.max(down, up) * (1 + 2 ** -22)
  }
  return {slope, halfWidth, gap}
}

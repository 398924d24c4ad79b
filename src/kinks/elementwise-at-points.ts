import type {Ragged} from '../common/ragged.js'
import {borrow} from '../common/spare-arrays.js'
import {roundedDown, roundedUp} from '../forward/rounding.js'
import {productOf} from '../simd/elementwise.js'
import {type AtPoints, type Decided, decide, merged} from './decide.js'
import type {Elementwise} from './elementwise.js'
import {
  type Deviations,
  type KinkAtPoints,
  type Lines,
  type Secants,
  straight,
  type UnitCounts,
} from './kink.js'
import {marksAbove, nonZero, sumsOfPoints} from './marks.js'
import {placesReaching} from './reaching.js'
import {secantsOf} from './secants.js'

/**
 * A function of one number a unit at the pre-activations of some points. A class, whose methods stay compiled from one
 * snapshot to the next: see `Passage`.
 */
export class ElementwiseAtPoints implements KinkAtPoints, AtPoints {
  readonly units: number
  readonly f: Elementwise
  readonly center: Float32Array
  readonly rounding: Float32Array
  readonly gap: Float32Array
  readonly forms: number
  readonly plain = true
  /** Lines, counts and what passes on are asked of the same deviations. */
  readonly #known = new WeakMap<Deviations, Decided>()
  #slopes: Float32Array | undefined
  #active: Float32Array | undefined
  #activeAtCenter: Int32Array | undefined

  constructor(units: number, f: Elementwise, z: Float32Array, rounding: Float32Array) {
    this.units = units
    this.f = f
    this.center = z
    this.rounding = rounding
    this.gap = gapsTo(f.thresholds, z)
    this.forms = units
  }

  gap64(value: number): number {
    const {thresholds} = this.f
    let least = Number.POSITIVE_INFINITY
    for (let k = 0; k < thresholds.length; k++) {
      least = Math.min(least, Math.abs(value - thresholds[k]!))
    }
    return least
  }

  first(at: number): number {
    return at % this.units
  }

  second(): number {
    return -1
  }

  unit(form: number): number {
    return form
  }

  slopes(): Float32Array {
    this.#slopes ??= this.f.slopes(this.center)
    return this.#slopes
  }

  active(): Float32Array {
    this.#active ??= this.#makeActive()
    return this.#active
  }

  #makeActive(): Float32Array {
    const {f, center} = this
    if (f.alwaysMoving) return marksAbove(center, f.thresholds[0]!)
    // A ReLU's slopes are the marks.
    return f.silent && f.steepest === 1 ? this.slopes() : nonZero(this.slopes())
  }

  formDeviations(numbers: Deviations): Deviations {
    return numbers
  }

  openSides(at: number, below: number, above: number): 0 | 1 | 2 | 3 {
    const {thresholds} = this.f
    let sides = 0
    for (let k = 0; k < thresholds.length; k++) {
      const height = this.center[at]! - thresholds[k]!
      // Of what is no number nothing is known.
      if (!(below <= height || above <= -height)) sides |= height >= 0 ? 1 : 2
    }
    return sides as 0 | 1 | 2 | 3
  }

  #decidedBy(forms: Deviations): Decided {
    const found = this.#known.get(forms) ?? decide(this, forms, placesReaching(this.gap, forms))
    this.#known.set(forms, found)
    return found
  }

  openPlaces(forms: Deviations): Int32Array {
    return this.#decidedBy(forms).openAt
  }

  narrow(forms: Deviations, within: Deviations): void {
    const {openAt, rising} = this.#decidedBy(within)
    this.#known.set(forms, decide(this, forms, merged(openAt, rising)))
  }

  image(_: Deviations, forms: Deviations): Deviations {
    return imageOf(this, forms, this.#decidedBy(forms))
  }

  lines(forms: Deviations): Lines {
    return crossingLines(this, forms, this.#decidedBy(forms))
  }

  tangents(): Lines {
    return straight(this.slopes())
  }

  secants(forms: Deviations): Secants {
    return secantsOf(this.units, this.f, this.center, this.rounding, forms, this.#decidedBy(forms))
  }

  changesToKinks(places: ArrayLike<number>, {below, above}: Deviations): Ragged {
    const {center, f} = this
    const {thresholds} = f
    const starts = new Int32Array(places.length + 1)
    const values = new Float64Array(places.length * thresholds.length)
    let count = 0
    for (let i = 0; i < places.length; i++) {
      const at = places[i]!
      for (let k = 0; k < thresholds.length; k++) {
        const change = thresholds[k]! - center[at]!
        if (!(below[at]! <= -change || above[at]! <= change)) values[count++] = change
      }
      starts[i + 1] = count
    }
    return {starts, values: values.subarray(0, count)}
  }

  passing(forms: Deviations): Float32Array | undefined {
    return this.f.alwaysMoving ? undefined : movingUnits(this.active(), this.#decidedBy(forms))
  }

  surelyFlat(at: number): boolean {
    return this.gap[at]! > this.rounding[at]! && this.slopes()[at] === 0
  }

  pieces(onlySure: boolean): Int32Array {
    return piecesAt(this.f.thresholds, this.center, onlySure ? this.rounding : undefined)
  }

  counts(point: number, forms: Deviations): UnitCounts {
    this.#activeAtCenter ??= sumsOfPoints(this.active(), this.units)
    const counts = this.#decidedBy(forms).counts()
    const [unstable, doubles] = [counts.unstable[point]!, counts.doubles[point]!]
    const active = this.#activeAtCenter[point]! + counts.moreActive[point]!
    const moving = this.f.alwaysMoving ? this.units : unstable + active
    return {unstable, active, kinks: unstable - doubles, doubles, moving}
  }

  bounds({below, above}: Deviations): {lower: Float32Array; upper: Float32Array} {
    return {
      lower: this.center.map((z, at) => roundedDown(z - below[at]!)),
      upper: this.center.map((z, at) => roundedUp(z + above[at]!)),
    }
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
  {units, f, center: z}: AtPoints,
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
    const own = slope[at]!
    // 0 times infinity is no number.
    if (own === 0) continue
    const [down, up] = own > 0 ? [below, above] : [above, below]
    out.below[at] = Math.abs(own) * down[at]!
    out.above[at] = Math.abs(own) * up[at]!
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
  {units, f, center: z}: AtPoints,
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

import {roundedDown, roundedUp} from '../forward/rounding.js'
import {
  type Deviations,
  type KinkAtPoints,
  type Lines,
  type Secants,
  straight,
  type UnitCounts,
} from './kink.js'

/**
 * A maximum at the numbers of some points. A class, whose methods stay compiled from one snapshot to the next: see
 * `Passage`.
 *
 * A form is the lead of the winner over a number: Infinity over itself, and over a number that is not there, so that
 * neither ever wins.
 */
export class MaximumAtPoints implements KinkAtPoints {
  readonly forms: number
  readonly plain = false
  readonly center: Float32Array
  readonly rounding: Float32Array
  readonly gap: Float32Array
  readonly #units: number
  readonly #candidates: number
  /** Of each unit of each point, the place of the winner over all points. */
  readonly #winners: Int32Array

  constructor(
    units: number,
    candidates: number,
    valid: Uint8Array,
    z: Float32Array,
    rounding: Float32Array,
  ) {
    this.forms = candidates * units
    this.#units = units
    this.#candidates = candidates
    this.#winners = winnersOf(units, valid, z)
    this.center = new Float32Array(z.length)
    this.rounding = new Float32Array(z.length)
    for (let place = 0; place < this.#winners.length; place++) {
      const winner = this.#winners[place]!
      for (let at = this.#start(place), k = 0; k < candidates; k++, at += units) {
        const isRival = at !== winner && valid[at % this.forms] === 1
        this.center[at] = isRival ? z[winner]! - z[at]! : Number.POSITIVE_INFINITY
        this.rounding[at] = rounding[at]! + rounding[winner]!
      }
    }
    this.gap = this.center
  }

  /** The place of the first number of the unit at `place`. */
  #start(place: number): number {
    return Math.floor(place / this.#units) * this.forms + (place % this.#units)
  }

  /** The place of the winner over the number at `at`. */
  #winnerOver(at: number): number {
    return this.#winners[Math.floor(at / this.forms) * this.#units + (at % this.#units)]!
  }

  gap64(first: number, second: number | undefined): number {
    return Math.abs(first - second!)
  }

  first(at: number): number {
    return this.#winnerOver(at) % this.forms
  }

  second(at: number): number {
    return at % this.forms
  }

  unit(form: number): number {
    return form % this.#units
  }

  formDeviations({below, above}: Deviations): Deviations {
    const out = {below: new Float32Array(below.length), above: new Float32Array(above.length)}
    for (let place = 0; place < this.#winners.length; place++) {
      const winner = this.#winners[place]!
      for (let at = this.#start(place), k = 0; k < this.#candidates; k++, at += this.#units) {
        out.below[at] = below[winner]! + above[at]!
        out.above[at] = above[winner]! + below[at]!
      }
    }
    return out
  }

  openSides(at: number, below: number): 0 | 1 {
    return this.#canWin(at, below) ? 1 : 0
  }

  /** Whether the rival can win somewhere on the ball. */
  #canWin(at: number, below: number): boolean {
    return !(below <= this.center[at]!)
  }

  openPlaces(): undefined {}

  narrow(): void {}

  image({below, above}: Deviations, forms: Deviations): Deviations {
    const {center} = this
    const out = this.#twoOfEachUnit()
    for (let place = 0; place < this.#winners.length; place++) {
      const winner = this.#winners[place]!
      // The output is at least the winner of the center, and exceeds it only where a rival wins.
      let fall = below[winner]!
      let rise = above[winner]!
      for (let at = this.#start(place), k = 0; k < this.#candidates; k++, at += this.#units) {
        fall = Math.min(fall, center[at]! + below[at]!)
        if (this.#canWin(at, forms.below[at]!)) rise = Math.max(rise, above[at]! - center[at]!)
      }
      out.below[place] = fall
      out.above[place] = rise
    }
    return out
  }

  #twoOfEachUnit(): {below: Float32Array; above: Float32Array} {
    const {length} = this.#winners
    return {below: new Float32Array(length), above: new Float32Array(length)}
  }

  /**
   * Below: the winner of the center. Above, with the rivals that can win: f = z_w + max(0, max_k (z_k - z_w))
   * <= z_w + sum_k relu(z_k - z_w), each relu under its chord; or z_w + the most that any z_k - z_w can be,
   * where that is nearer at the center.
   */
  lines({below, above}: Deviations): Lines {
    const {center} = this
    const lowerSlope = this.#oneAtWinner()
    const upperSlope = lowerSlope.slice()
    const upperGap = new Float32Array(this.#winners.length)
    let bent = false
    for (let place = 0; place < this.#winners.length; place++) {
      const winner = this.#winners[place]!
      const start = this.#start(place)
      let gap = 0
      let lead = 0
      for (let at = start, k = 0; k < this.#candidates; k++, at += this.#units) {
        if (!this.#canWin(at, below[at]!)) continue
        bent = true
        // t = z_k - z_w lies within [-center - above, below - center] and can be above 0.
        const most = below[at]! - center[at]!
        const least = -center[at]! - above[at]!
        const chord = Math.fround(most / (most - least))
        const height = Math.max(most - chord * most, -chord * least)
        upperSlope[at] = upperSlope[at]! + chord
        upperSlope[winner] = upperSlope[winner]! - chord
        gap += Math.max(0, height - chord * center[at]!)
        lead = Math.max(lead, most)
      }
      upperGap[place] = Math.min(gap, lead)
      if (gap <= lead) continue
      for (let at = start, k = 0; k < this.#candidates; k++, at += this.#units) {
        upperSlope[at] = at === winner ? 1 : 0
      }
    }
    const lowerGap = new Float32Array(upperGap.length)
    return {lowerSlope, upperSlope, lowerGap, upperGap, bent}
  }

  #oneAtWinner(): Float32Array {
    const slopes = new Float32Array(this.center.length)
    for (const winner of this.#winners) slopes[winner] = 1
    return slopes
  }

  tangents(): Lines {
    return straight(this.#oneAtWinner())
  }

  /** The largest exceeds the winner of the center by no more than a rival can lead. */
  secants({below}: Deviations): Secants {
    const gap = new Float32Array(this.#winners.length)
    for (let place = 0; place < gap.length; place++) {
      let lead = 0
      for (let at = this.#start(place), k = 0; k < this.#candidates; k++, at += this.#units) {
        if (this.#canWin(at, below[at]!)) lead = Math.max(lead, below[at]! - this.center[at]!)
      }
      gap[place] = lead
    }
    return {slope: this.#oneAtWinner(), halfWidth: undefined, gap}
  }

  changesToKinks(): undefined {}

  passing(): undefined {}

  surelyFlat(): boolean {
    return false
  }

  pieces(onlySure: boolean): Int32Array {
    const pieces = new Int32Array(this.#winners.length)
    for (let place = 0; place < pieces.length; place++) {
      let leads = true
      for (let at = this.#start(place), k = 0; k < this.#candidates; k++, at += this.#units) {
        leads &&= this.center[at]! > this.rounding[at]!
      }
      const winner = this.#winners[place]! % this.forms
      pieces[place] = leads || !onlySure ? Math.floor(winner / this.#units) : -1
    }
    return pieces
  }

  counts(point: number, {below}: Deviations): UnitCounts {
    const units = this.#units
    let [unstable, kinks] = [0, 0]
    for (let unit = 0; unit < units; unit++) {
      let rivals = 0
      for (let at = point * this.forms + unit, k = 0; k < this.#candidates; k++, at += units) {
        if (this.#canWin(at, below[at]!)) rivals++
      }
      // Any two of the candidates that can win may tie.
      if (rivals > 0) unstable++
      kinks += (rivals * (rivals + 1)) / 2
    }
    return {unstable, active: units - unstable, kinks, doubles: 0, moving: units}
  }

  bounds({below, above}: Deviations): {lower: Float32Array; upper: Float32Array} {
    const {length} = this.#winners
    const lower = new Float32Array(length).fill(Number.POSITIVE_INFINITY)
    const upper = new Float32Array(length).fill(Number.POSITIVE_INFINITY)
    for (let place = 0; place < length; place++) {
      for (let at = this.#start(place), k = 0; k < this.#candidates; k++, at += this.#units) {
        lower[place] = Math.min(lower[place]!, roundedDown(this.center[at]! - below[at]!))
        upper[place] = Math.min(upper[place]!, roundedUp(this.center[at]! + above[at]!))
      }
    }
    return {lower, upper}
  }
}

/** The place of each unit's winner, `[points x units]`. */
function winnersOf(units: number, valid: Uint8Array, z: Float32Array): Int32Array {
  const winners = new Int32Array((z.length / valid.length) * units)
  for (let start = 0, place = 0; start < z.length; start += valid.length) {
    for (let unit = 0; unit < units; unit++, place++) {
      winners[place] = start + winnerOf(z, start, unit, units, valid)
    }
  }
  return winners
}

/** The place of the largest number that a unit reads, among a point's numbers. */
export function winnerOf(
  z: Float32Array | Float64Array,
  start: number,
  unit: number,
  units: number,
  valid: Uint8Array,
): number {
  let best = -1
  for (let at = unit; at < valid.length; at += units) {
    if (valid[at] && (best < 0 || z[start + at]! > z[start + best]!)) best = at
  }
  return best
}

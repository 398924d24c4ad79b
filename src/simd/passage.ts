import type {Lines} from '../kinks/kink.js'
import {atOnce, kernels, type Workspace, workspace} from './index.js'

/** Points whose lines are held at a time: rows come point after point, and copying a few lines takes as long as one. */
const pointsHeld = 16

/** The arrays that say how rows pass a kink, one number a unit: its slopes, and the gaps where some unit has two lines. */
export function partsOf({lowerSlope, upperSlope, lowerGap, upperGap, bent}: Lines): Float32Array[] {
  return bent ? [lowerSlope, upperSlope, lowerGap, upperGap] : [lowerSlope]
}

/**
 * Rows in the kernels' memory, each at a place of its own, on their way through a kink of one number a unit. The kernels'
 * memory must not be used for anything else before the rows are stored.
 *
 * A class because it is made anew again and again: V8 forgets what it compiled for a closure when that is collected, but
 * keeps what it compiled for a method.
 */
export class Passage {
  /** Rows that there is room for. */
  readonly places: number
  readonly #units: number
  readonly #all: Float32Array
  readonly #weights: number
  readonly #held: HeldLines
  readonly #kernels = kernels()

  /**
   * @param lines `[points x units]`
   * @param weights `[units]`, for `length`; 1 where there are none
   * @throws as `workspace`
   */
  constructor(lines: Lines, units: number, weights?: Float64Array) {
    this.#units = units
    this.places = Math.max(1, Math.floor(atOnce / units))
    const parts = partsOf(lines)
    const points = Math.min(this.places, pointsHeld)
    const bytes = (4 * (this.places + parts.length * points) + 8) * units
    const room = workspace(bytes + 16 * (parts.length + 2))
    this.#all = room.float32(this.places * units)
    const weight = room.float64(units).fill(1)
    if (weights) weight.set(weights)
    this.#weights = weight.byteOffset
    this.#held = new HeldLines(parts, room, units, points)
  }

  /** Takes rows, `[rows x units]`, from number `first` on: row k comes to place `to` + k. */
  load(rows: Float32Array, first: number, count: number, to: number): void {
    const units = this.#units
    this.#all.set(rows.subarray(first * units, (first + count) * units), to * units)
  }

  /** Takes the row of an array away from the row at a place. */
  subtract(rows: Float32Array, row: number, place: number): void {
    const [units, all] = [this.#units, this.#all]
    for (let k = 0; k < units; k++) all[place * units + k]! -= rows[row * units + k]!
  }

  /**
   * Passes the row at a place, times a sign, through the lines of a point. What has neither slope nor gap passes nothing.
   *
   * @param to the place that takes it; may be where it is
   * @returns the slack
   */
  pass(from: number, to: number, point: number, sign: number): number {
    const [row, out, units] = [this.#place(from), this.#place(to), this.#units]
    const lines = this.#held
    const away = lines.bring(point)
    const lowerSlope = lines.starts[0]! + away
    if (lines.starts.length === 1) {
      this.#kernels.passStraight(row, out, units, sign, lowerSlope)
      return 0
    }
    return this.#kernels.passBent(
      row,
      out,
      units,
      sign,
      lowerSlope,
      lines.starts[1]! + away,
      lines.starts[2]! + away,
      lines.starts[3]! + away,
    )
  }

  /** The length of the row at a place, the squares of its entries weighted. */
  length(place: number): number {
    return this.#kernels.weightedLength(this.#place(place), this.#units, this.#weights)
  }

  /** Writes the first rows, from number `first` on. */
  store(out: Float32Array, first: number, count: number): void {
    out.set(this.#all.subarray(0, count * this.#units), first * this.#units)
  }

  #place(k: number): number {
    return this.#all.byteOffset + 4 * k * this.#units
  }
}

/** The lines of a few points at a time, in the kernels' memory. */
class HeldLines {
  /** Where the first point's part of each array lies. */
  readonly starts: readonly number[]
  readonly #parts: readonly Float32Array[]
  readonly #own: readonly Float32Array[]
  readonly #units: number
  readonly #points: number
  #first = Number.NEGATIVE_INFINITY

  constructor(parts: readonly Float32Array[], room: Workspace, units: number, points: number) {
    this.#parts = parts
    this.#own = parts.map(() => room.float32(points * units))
    this.starts = this.#own.map(({byteOffset}) => byteOffset)
    this.#units = units
    this.#points = points
  }

  /** Makes sure that a point's lines are there, and says how far from `starts` they begin, in bytes. */
  bring(point: number): number {
    const units = this.#units
    if (point < this.#first || point >= this.#first + this.#points) {
      this.#first = point
      for (let k = 0; k < this.#own.length; k++) {
        this.#own[k]!.set(this.#parts[k]!.subarray(point * units, (point + this.#points) * units))
      }
    }
    return 4 * (point - this.#first) * units
  }
}

import type {Lines} from '../kinks/kink.js'
import {atOnce, kernels, workspace} from './index.js'

/** Rows in the kernels' memory, each at a place of its own, on their way through a kink of one number a unit. */
export interface Passage {
  /** Rows that there is room for. */
  readonly places: number
  /** Takes rows, `[rows x units]`, from number `first` on: row k comes to place `to` + k. */
  load(rows: Float32Array, first: number, count: number, to: number): void
  /** Takes the row of an array away from the row at a place. */
  subtract(rows: Float32Array, row: number, place: number): void
  /**
   * Passes the row at a place, times a sign, through the lines of a point. What has neither slope nor gap passes nothing.
   *
   * @param to the place that takes it; may be where it is
   * @returns the slack
   */
  pass(from: number, to: number, point: number, sign: number): number
  /** The length of the row at a place, the squares of its entries weighted. */
  length(place: number): number
  /** Writes the first rows, from number `first` on. */
  store(out: Float32Array, first: number, count: number): void
}

/** Points whose lines are held at a time: rows come point after point, and copying a few lines takes as long as one. */
const pointsHeld = 16

/** The arrays that say how rows pass a kink, one number a unit: its slopes, and the gaps where some unit has two lines. */
export function partsOf({lowerSlope, upperSlope, lowerGap, upperGap, bent}: Lines): Float32Array[] {
  return bent ? [lowerSlope, upperSlope, lowerGap, upperGap] : [lowerSlope]
}

/**
 * Makes room for rows that pass the lines of a kink. The kernels' memory must not be used for anything else before the rows
 * are stored.
 *
 * @param lines `[points x units]`
 * @param weights `[units]`, for `length`; 1 where there are none
 * @throws as `workspace`
 */
export function passage(lines: Lines, units: number, weights?: Float64Array): Passage {
  const places = Math.max(1, Math.floor(atOnce / units))
  const held = Math.min(places, pointsHeld)
  const parts = partsOf(lines)
  const room = workspace((4 * (places + parts.length * held) + 8) * units + 16 * (parts.length + 2))
  const all = room.float32(places * units)
  const weight = room.float64(units).fill(1)
  if (weights) weight.set(weights)
  const own = parts.map(() => room.float32(held * units))
  const starts = own.map(({byteOffset}) => byteOffset)
  const [lowerSlope, upperSlope, lowerGap, upperGap] = starts
  const {passBent, passStraight, weightedLength} = kernels()
  const place = (k: number) => all.byteOffset + 4 * k * units
  let first = Number.NEGATIVE_INFINITY
  /** How far from the start of what is held a point's lines begin, in bytes. */
  const ask = (point: number) => {
    if (point < first || point >= first + held) {
      first = point
      for (let k = 0; k < own.length; k++) {
        own[k]!.set(parts[k]!.subarray(point * units, (point + held) * units))
      }
    }
    return 4 * (point - first) * units
  }
  return {
    places,
    load: (rows, first, count, to) =>
      all.set(rows.subarray(first * units, (first + count) * units), to * units),
    subtract: (rows, row, to) => {
      for (let k = 0; k < units; k++) all[to * units + k]! -= rows[row * units + k]!
    },
    pass: (from, to, point, sign) => {
      const away = ask(point)
      const [row, out, low] = [place(from), place(to), lowerSlope! + away]
      if (!lines.bent) {
        passStraight(row, out, units, sign, low)
        return 0
      }
      const [high, under, over] = [upperSlope! + away, lowerGap! + away, upperGap! + away]
      return passBent(row, out, units, sign, low, high, under, over)
    },
    length: (k) => weightedLength(place(k), units, weight.byteOffset),
    store: (out, first, count) => out.set(all.subarray(0, count * units), first * units),
  }
}

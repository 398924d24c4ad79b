import type {Lines} from '../kinks/kink.js'
import {kernels, workspace} from './index.js'

/** Numbers of rows in the kernels' memory at a time: they stay in the processor's caches. */
const atOnce = 2 ** 16

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

/**
 * Makes room for rows that pass the lines of a kink. The kernels' memory must not be used for anything else before the rows
 * are stored.
 *
 * @param weights per unit, for `length`; 1 where there are none
 */
export function passage(lines: Lines, units: number, weights?: Float64Array): Passage {
  // Whole vectors; what they have more than the row stays 0.
  const size = Math.ceil(units / 4) * 4
  const places = Math.max(1, Math.floor(atOnce / size))
  const room = workspace(4 * places * size + (8 + 4 * 4) * size + 6 * 16)
  const all = room.float32(places * size)
  const weight = room.float64(size)
  const parts = lines.bent
    ? [lines.lowerSlope, lines.upperSlope, lines.lowerGap, lines.upperGap]
    : [lines.lowerSlope]
  const own = parts.map(() => room.float32(size))
  if (size > units) for (const array of [all, ...own]) array.fill(0)
  weight.fill(1)
  if (weights) weight.set(weights)
  const [lowerSlope, upperSlope, lowerGap, upperGap] = own.map(({byteOffset}) => byteOffset)
  const place = (k: number) => all.byteOffset + 4 * k * size
  const {passBent, passStraight, squares} = kernels()
  let known = -1
  const ask = (point: number) => {
    if (point === known) return
    known = point
    for (let k = 0; k < own.length; k++) {
      own[k]!.set(parts[k]!.subarray(point * units, (point + 1) * units))
    }
  }
  return {
    places,
    load: (rows, first, count, to) => {
      if (size === units) {
        all.set(rows.subarray(first * units, (first + count) * units), to * units)
        return
      }
      for (let k = 0; k < count; k++) {
        all.set(rows.subarray((first + k) * units, (first + k + 1) * units), (to + k) * size)
      }
    },
    subtract: (rows, row, to) => {
      const [from, at] = [row * units, to * size]
      for (let k = 0; k < units; k++) all[at + k]! -= rows[from + k]!
    },
    pass: (from, to, point, sign) => {
      ask(point)
      if (lines.bent) {
        return passBent(
          place(from),
          place(to),
          size,
          sign,
          lowerSlope!,
          upperSlope!,
          lowerGap!,
          upperGap!,
        )
      }
      passStraight(place(from), place(to), size, sign, lowerSlope!)
      return 0
    },
    length: (k) => Math.sqrt(squares(place(k), size, weight.byteOffset)),
    store: (out, first, count) => {
      if (size === units) {
        out.set(all.subarray(0, count * units), first * units)
        return
      }
      for (let k = 0; k < count; k++) {
        out.set(all.subarray(k * size, k * size + units), (first + k) * units)
      }
    },
  }
}

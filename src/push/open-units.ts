import {type Tensor3D, tensor3d} from '@tensorflow/tfjs'
import {bentUnits} from '../bent-units.js'
import type {Lines} from '../kinks/kink.js'

/** The units of a layer whose two lines differ, at some points, each point's padded to as many as any has. */
export interface OpenUnits {
  /** The most at one point; 0 where none has any. */
  readonly most: number
  /** One row a unit, 1 at its place; padding is a row of zeros: `[points, most, units]`. */
  picks(): Tensor3D
  /** The same as columns, `[points, units, most]`: products with a transposed factor are slow on WASM. */
  pickColumns(): Tensor3D
  /** Lower less upper slope, `[points, most, 1]`. */
  slopeDrop(): Tensor3D
  /** Of the lower lines, and then of the upper ones, `[points, 1, 2 x most]`. */
  gaps(): Tensor3D
}

/**
 * The open units of points `start` to `end`.
 *
 * @param lines of all points
 * @param units of the layer
 */
export function openUnits(lines: Lines, units: number, start: number, end: number): OpenUnits {
  const {
    starts,
    units: places,
    lowerSlope,
    upperSlope,
    lowerGap,
    upperGap,
  } = bentUnits(lines, units)
  const count = end - start
  let most = 0
  for (let point = start; point < end; point++) {
    most = Math.max(most, starts[point + 1]! - starts[point]!)
  }
  /** Shows each unit by its place among all points' and among its own point's. */
  const eachUnit = (show: (p: number, k: number, place: number) => void) => {
    for (let p = 0; p < count; p++) {
      const from = starts[start + p]!
      for (let place = from; place < starts[start + p + 1]!; place++) show(p, place - from, place)
    }
  }
  const ones = (
    shape: [number, number, number],
    placeOf: (p: number, k: number, unit: number) => number,
  ) => {
    const values = new Float32Array(count * most * units)
    eachUnit((p, k, place) => {
      values[placeOf(p, k, places[place]!)] = 1
    })
    return tensor3d(values, shape)
  }
  return {
    most,
    picks: () => ones([count, most, units], (p, k, unit) => (p * most + k) * units + unit),
    pickColumns: () => ones([count, units, most], (p, k, unit) => (p * units + unit) * most + k),
    slopeDrop: () => {
      const values = new Float32Array(count * most)
      eachUnit((p, k, place) => {
        values[p * most + k] = lowerSlope[place]! - upperSlope[place]!
      })
      return tensor3d(values, [count, most, 1])
    },
    gaps: () => {
      const values = new Float32Array(count * 2 * most)
      eachUnit((p, k, place) => {
        values[2 * p * most + k] = lowerGap[place]!
        values[(2 * p + 1) * most + k] = upperGap[place]!
      })
      return tensor3d(values, [count, 1, 2 * most])
    },
  }
}

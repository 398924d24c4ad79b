import {type Tensor3D, tensor3d} from '@tensorflow/tfjs'
import {isOneLine, type Lines} from '../kinks/kink.js'

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
  /** `[points, 1, most]` */
  lowerGap(): Tensor3D
  upperGap(): Tensor3D
}

/**
 * The open units of points `start` to `end`.
 *
 * @param lines of all points
 * @param units of the layer
 */
export function openUnits(lines: Lines, units: number, start: number, end: number): OpenUnits {
  const {lowerSlope, upperSlope, lowerGap, upperGap} = lines
  const places: number[][] = []
  for (let point = start; point < end; point++) {
    const own: number[] = []
    for (let at = point * units; lines.bent && at < (point + 1) * units; at++) {
      if (!isOneLine(lines, at)) own.push(at)
    }
    places.push(own)
  }
  const count = end - start
  const most = places.reduce((largest, own) => Math.max(largest, own.length), 0)
  const padded = (shape: [number, number, number], valueAt: (at: number) => number) => {
    const values = new Float32Array(count * most)
    places.forEach((own, p) => {
      own.forEach((at, k) => {
        values[p * most + k] = valueAt(at)
      })
    })
    return tensor3d(values, shape)
  }
  const ones = (
    shape: [number, number, number],
    placeOf: (p: number, k: number, unit: number) => number,
  ) => {
    const values = new Float32Array(count * most * units)
    places.forEach((own, p) => {
      own.forEach((at, k) => {
        values[placeOf(p, k, at % units)] = 1
      })
    })
    return tensor3d(values, shape)
  }
  return {
    most,
    picks: () => ones([count, most, units], (p, k, unit) => (p * most + k) * units + unit),
    pickColumns: () => ones([count, units, most], (p, k, unit) => (p * units + unit) * most + k),
    slopeDrop: () => padded([count, most, 1], (at) => lowerSlope[at]! - upperSlope[at]!),
    lowerGap: () => padded([count, 1, most], (at) => lowerGap[at]!),
    upperGap: () => padded([count, 1, most], (at) => upperGap[at]!),
  }
}

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

/** The open units of points `start` to `end`. */
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
  return {
    most,
    picks: () => {
      const rows = new Float32Array(count * most * units)
      places.forEach((own, p) => {
        own.forEach((at, k) => {
          rows[(p * most + k) * units + (at % units)] = 1
        })
      })
      return tensor3d(rows, [count, most, units])
    },
    pickColumns: () => {
      const columns = new Float32Array(count * most * units)
      places.forEach((own, p) => {
        own.forEach((at, k) => {
          columns[(p * units + (at % units)) * most + k] = 1
        })
      })
      return tensor3d(columns, [count, units, most])
    },
    slopeDrop: () => padded([count, most, 1], (at) => lowerSlope[at]! - upperSlope[at]!),
    lowerGap: () => padded([count, 1, most], (at) => lowerGap[at]!),
    upperGap: () => padded([count, 1, most], (at) => upperGap[at]!),
  }
}

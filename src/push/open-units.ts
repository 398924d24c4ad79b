import {type Tensor3D, tensor3d} from '@tensorflow/tfjs'
import {type BentUnits, bentUnits} from '../kinks/bent-units.js'
import type {Lines} from '../kinks/kink.js'

/**
 * The units of a layer whose two lines differ, at points `start` to `end`, each point's padded to as many as any has. A class,
 * whose methods stay compiled from one snapshot to the next: see `Passage`.
 */
export class OpenUnits {
  /** The most at one point; 0 where none has any. */
  readonly most: number
  readonly #bent: BentUnits
  readonly #units: number
  readonly #start: number
  readonly #count: number

  /**
   * @param lines of all points
   * @param units of the layer
   */
  constructor(lines: Lines, units: number, start: number, end: number) {
    this.#bent = bentUnits(lines, units)
    this.#units = units
    this.#start = start
    this.#count = end - start
    const {starts} = this.#bent
    let most = 0
    for (let point = start; point < end; point++) {
      most = Math.max(most, starts[point + 1]! - starts[point]!)
    }
    this.most = most
  }

  /** One row a unit, 1 at its place; padding is a row of zeros: `[points, most, units]`. */
  picks(): Tensor3D {
    const units = this.#units
    return tensor3d(this.#ones(units, 1), [this.#count, this.most, units])
  }

  /** The same as columns, `[points, units, most]`: products with a transposed factor are slow on WASM. */
  pickColumns(): Tensor3D {
    const {most} = this
    return tensor3d(this.#ones(1, most), [this.#count, this.#units, most])
  }

  /** 1 for each unit, so far from its point's first number for its place among those, and for the unit that it is. */
  #ones(perPlace: number, perUnit: number): Float32Array {
    const {starts, units} = this.#bent
    const size = this.most * this.#units
    const values = new Float32Array(this.#count * size)
    for (let p = 0; p < this.#count; p++) {
      const from = starts[this.#start + p]!
      for (let place = from; place < starts[this.#start + p + 1]!; place++) {
        values[p * size + (place - from) * perPlace + units[place]! * perUnit] = 1
      }
    }
    return values
  }

  /** Lower less upper slope, `[points, most, 1]`. */
  slopeDrop(): Tensor3D {
    const {starts, lowerSlope, upperSlope} = this.#bent
    const values = new Float32Array(this.#count * this.most)
    for (let p = 0; p < this.#count; p++) {
      const from = starts[this.#start + p]!
      for (let place = from; place < starts[this.#start + p + 1]!; place++) {
        values[p * this.most + place - from] = lowerSlope[place]! - upperSlope[place]!
      }
    }
    return tensor3d(values, [this.#count, this.most, 1])
  }

  /** Of the lower lines, and then of the upper ones, `[points, 1, 2 x most]`. */
  gaps(): Tensor3D {
    const {most} = this
    const {starts, lowerGap, upperGap} = this.#bent
    const values = new Float32Array(this.#count * 2 * most)
    for (let p = 0; p < this.#count; p++) {
      const from = starts[this.#start + p]!
      for (let place = from; place < starts[this.#start + p + 1]!; place++) {
        const to = 2 * p * most + place - from
        values[to] = lowerGap[place]!
        values[to + most] = upperGap[place]!
      }
    }
    return tensor3d(values, [this.#count, 1, 2 * most])
  }
}

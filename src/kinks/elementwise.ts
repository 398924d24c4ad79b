import type {Tensor2D} from '@tensorflow/tfjs'
import {ElementwiseAtPoints} from './elementwise-at-points.js'
import type {Kink, Range} from './kink.js'

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
  /** Whether no piece falls. */
  readonly monotone: boolean
  /** As `Kink` has them. */
  readonly exact: boolean
  readonly range: Range
  readonly leftSlopes?: Float64Array | undefined
  activation(z: Tensor2D): Tensor2D
  value(z: number, unit: number): number
  slope(z: number, unit: number): number
  /** The same of all numbers of some points, `[points x units]`, in one loop. */
  values(z: Float64Array): Float64Array
  slopes(z: Float32Array): Float32Array
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
    monotone: f.monotone,
    exact: f.exact,
    range: f.range,
    thresholds: f.thresholds,
    bendsWithin: ([least, greatest]) => f.thresholds.some((t) => least < t && t < greatest),
    leftSlopes: f.leftSlopes,
    activation: (z) => f.activation(z),
    value64: (z) => f.values(z),
    at: (z, rounding) => new ElementwiseAtPoints(units, f, z, rounding),
  }
}

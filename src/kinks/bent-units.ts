import {onceFor} from '../common/once.js'
import {isOneLine, type Lines} from './kink.js'

/** The lines of the units whose two lines differ, one after the other; `starts[p]` is where those of point p begin. */
export interface BentUnits {
  readonly starts: Int32Array
  readonly units: Int32Array
  readonly lowerSlope: Float32Array
  readonly upperSlope: Float32Array
  readonly lowerGap: Float32Array
  readonly upperGap: Float32Array
}

/** The bent units of all points, of a kink of one number a unit. Few of a layer's units are; they are looked for once. */
export const bentUnits: (lines: Lines, units: number) => BentUnits = onceFor(find)

function find(lines: Lines, units: number): BentUnits {
  const {lowerSlope, upperSlope, lowerGap, upperGap} = lines
  const places = lines.bentAt ?? search(lines)
  const starts = new Int32Array(lowerSlope.length / units + 1)
  for (const at of places) starts[Math.floor(at / units) + 1]!++
  for (let point = 1; point < starts.length; point++) starts[point]! += starts[point - 1]!
  const own = new Int32Array(places.length)
  for (let k = 0; k < own.length; k++) own[k] = places[k]! % units
  return {
    starts,
    units: own,
    lowerSlope: picked(lowerSlope, places),
    upperSlope: picked(upperSlope, places),
    lowerGap: picked(lowerGap, places),
    upperGap: picked(upperGap, places),
  }
}

function picked(values: Float32Array, places: Int32Array): Float32Array {
  const found = new Float32Array(places.length)
  for (let k = 0; k < found.length; k++) found[k] = values[places[k]!]!
  return found
}

function search(lines: Lines): Int32Array {
  const places: number[] = []
  for (let at = 0; lines.bent && at < lines.lowerSlope.length; at++) {
    if (!isOneLine(lines, at)) places.push(at)
  }
  return new Int32Array(places)
}

import {type BentUnits, bentUnits} from './bent-units.js'
import type {Lines} from './kinks/kink.js'
import {onceFor} from './once.js'

/** The units of one line that is not flat, one after the other; `starts[p]` is where those of point p begin. */
export interface PassingUnits {
  readonly starts: Int32Array
  readonly units: Int32Array
  readonly slopes: Float32Array
}

/** How rows pass a kink of one number a unit: what neither names passes nothing on. */
export interface LineLists {
  readonly passing: PassingUnits
  /** The units of two lines; undefined where there are none. */
  readonly bent: BentUnits | undefined
}

/** The lines of all points' units, as lists: about half of the units of a ReLU are flat. They are made once. */
export const lineLists: (lines: Lines, units: number) => LineLists = onceFor(find)

function find(lines: Lines, units: number): LineLists {
  const bent = lines.bent ? bentUnits(lines, units) : undefined
  const slopes = bent ? withoutBent(lines.lowerSlope, units, bent) : lines.lowerSlope
  const points = slopes.length / units
  const [starts, places] = [new Int32Array(points + 1), new Int32Array(slopes.length)]
  let count = 0
  for (let point = 0, at = 0; point < points; point++) {
    for (let unit = 0; unit < units; unit++, at++) {
      // Written always and counted where it is one: no branch, which nothing could predict.
      places[count] = unit
      count += Number(slopes[at] !== 0)
    }
    starts[point + 1] = count
  }
  const own = new Float32Array(count)
  for (let point = 0; point < points; point++) {
    for (let k = starts[point]!; k < starts[point + 1]!; k++) {
      own[k] = slopes[point * units + places[k]!]!
    }
  }
  return {passing: {starts, units: places.slice(0, count), slopes: own}, bent}
}

function withoutBent(slopes: Float32Array, units: number, bent: BentUnits): Float32Array {
  const left = slopes.slice()
  for (let point = 0; point < slopes.length / units; point++) {
    for (let k = bent.starts[point]!; k < bent.starts[point + 1]!; k++) {
      left[point * units + bent.units[k]!] = 0
    }
  }
  return left
}

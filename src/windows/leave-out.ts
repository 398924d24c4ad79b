import type {Places, WindowRows} from './rows.js'

/**
 * Leaves rows out.
 *
 * @param dropped 1 for each row that goes
 * @param rows what waits at each value, changed in place
 */
export function leaveOut(
  dropped: Uint8Array,
  {places, slack, kept}: {places: Places; slack: Float32Array; kept: Int32Array},
  rows: Map<number, WindowRows[]>,
) {
  for (const waiting of rows.values()) {
    waiting.forEach((own, k) => {
      waiting[k] = {...own, values: rowsLeft(own.values, dropped)}
    })
  }
  const {points, down, across} = places
  return {
    places: {
      points: numbersLeft(points, dropped),
      down: numbersLeft(down, dropped),
      across: numbersLeft(across, dropped),
    },
    slack: numbersLeft(slack, dropped),
    kept: numbersLeft(kept, dropped),
  }
}

function countLeft(dropped: Uint8Array): number {
  let count = 0
  for (let row = 0; row < dropped.length; row++) if (!dropped[row]) count++
  return count
}

function numbersLeft<T extends Int32Array | Float32Array>(values: T, dropped: Uint8Array): T {
  const left = values.slice()
  let to = 0
  for (let row = 0; row < dropped.length; row++) {
    if (!dropped[row]) left[to++] = values[row]!
  }
  return left.subarray(0, to) as T
}

function rowsLeft(values: Float32Array, dropped: Uint8Array): Float32Array {
  const size = values.length / dropped.length
  const count = countLeft(dropped)
  const out = new Float32Array(count * size)
  let to = 0
  for (let row = 0; row < dropped.length; row++) {
    if (dropped[row]) continue
    out.set(values.subarray(row * size, (row + 1) * size), to)
    to += size
  }
  return out
}

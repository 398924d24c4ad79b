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
  const left = (_: number, row: number) => dropped[row] === 0
  for (const waiting of rows.values()) {
    waiting.forEach((own, k) => {
      waiting[k] = {...own, values: rowsLeft(own.values, dropped)}
    })
  }
  const {points, down, across} = places
  return {
    places: {points: points.filter(left), down: down.filter(left), across: across.filter(left)},
    slack: slack.filter(left),
    kept: kept.filter(left),
  }
}

function rowsLeft(values: Float32Array, dropped: Uint8Array): Float32Array {
  const size = values.length / dropped.length
  const count = dropped.reduce((sum, gone) => sum + (gone ? 0 : 1), 0)
  const out = new Float32Array(count * size)
  let to = 0
  dropped.forEach((gone, row) => {
    if (gone) return
    out.set(values.subarray(row * size, (row + 1) * size), to)
    to += size
  })
  return out
}

import {onceFor} from '../common/once.js'
import {type ImageShape, type Span, sameShape, sameWindow, type Window} from './window.js'

/** The points, and the places in the layer, of the units that rows belong to. */
export interface Places {
  readonly points: Int32Array
  readonly down: Int32Array
  readonly across: Int32Array
}

/** Rows that are 0 outside of a window: `[rows x height x width x channels]` of it. */
export interface WindowRows {
  readonly values: Float32Array
  readonly window: Window
  /** Whether they are surely 0 outside of the image, too. */
  readonly isClear?: boolean
}

/** Numbers that say where a run is. */
export const runSize = 4

interface KnownRuns {
  readonly window: Window
  readonly shape: ImageShape
  readonly runs: Int32Array
}

const knownRuns = onceFor((_: Places): KnownRuns[] => [])

/**
 * The runs of numbers of rows that lie side by side inside the image, one after another: of each its row, where it begins in
 * the rows and in the image, and how many numbers it has. A list rather than a function that is shown them: half of the
 * time of a pass went into calling it. A kink reads and makes the same window, so that lists are kept.
 */
export function runsOf(places: Places, window: Window, shape: ImageShape): Int32Array {
  const lists = knownRuns(places)
  const before = lists.find((own) => sameShape(own.shape, shape) && sameWindow(own.window, window))
  if (before) return before.runs
  const runs = findRuns(places, window, shape)
  lists.push({window, shape, runs})
  return runs
}

function findRuns(
  {points, down: downs, across: acrosses}: Places,
  [down, across]: Window,
  {height, width, channels}: ImageShape,
): Int32Array {
  const lines = points.length * down.length
  const runs = new Int32Array(lines * runSize)
  const line = across.length * channels
  let to = 0
  for (let row = 0; row < points.length; row++) {
    const top = beginOf(down, downs[row]!)
    const left = beginOf(across, acrosses[row]!)
    const from = Math.max(0, -left)
    const count = (Math.min(across.length, width - left) - from) * channels
    if (count <= 0) continue
    const end = Math.min(down.length, height - top)
    for (let i = Math.max(0, -top); i < end; i++, to += runSize) {
      runs[to] = row
      runs[to + 1] = (row * down.length + i) * line + from * channels
      runs[to + 2] = ((top + i) * width + left + from) * channels
      runs[to + 3] = count
    }
  }
  return runs.subarray(0, to)
}

/** Where the window of a row begins along an axis. */
export function beginOf({start, step}: Span, place: number): number {
  return start + step * place
}

/** The sum of rows on windows of their own, on one that covers them all. */
export function gather(
  arrived: readonly WindowRows[],
  places: Places,
  window: Window,
  {channels}: ImageShape,
): Float32Array {
  const [down, across] = window
  const size = down.length * across.length * channels
  const out = new Float32Array(places.points.length * size)
  for (const {values, window: own} of arrived) {
    const [ownDown, ownAcross] = own
    const line = ownAcross.length * channels
    for (let row = 0, from = 0; row < places.points.length; row++) {
      const top = beginOf(ownDown, places.down[row]!) - beginOf(down, places.down[row]!)
      const left = beginOf(ownAcross, places.across[row]!) - beginOf(across, places.across[row]!)
      const first = Math.max(0, -left) * channels
      const last = Math.min(ownAcross.length, across.length - left) * channels
      for (let i = 0; i < ownDown.length; i++, from += line) {
        if (top + i < 0 || top + i >= down.length) continue
        const to = row * size + ((top + i) * across.length + left) * channels
        for (let k = first; k < last; k++) out[to + k]! += values[from + k]!
      }
    }
  }
  return out
}

/** Multiplies rows with one number for each place of the image, and clears what lies outside. In place. */
export function scaleInPlace(
  {values, window}: WindowRows,
  places: Places,
  shape: ImageShape,
  scale: Float64Array,
): Float32Array {
  const runs = runsOf(places, window, shape)
  for (let r = 0; r < runs.length; r += runSize) {
    const from = runs[r + 1]!
    const end = from + runs[r + 3]!
    for (let k = from, at = runs[r + 2]!; k < end; k++, at++) values[k]! *= scale[at]!
  }
  return clearBetween(values, runs)
}

/** Clears what lies outside of the image, where that is not so already. In place. */
export function clear(
  {values, window, isClear}: WindowRows,
  places: Places,
  shape: ImageShape,
): Float32Array {
  return isClear ? values : clearBetween(values, runsOf(places, window, shape))
}

/** Clears what lies between the runs. */
function clearBetween(values: Float32Array, runs: Int32Array): Float32Array {
  let cleared = 0
  for (let r = 0; r < runs.length; r += runSize) {
    const from = runs[r + 1]!
    for (; cleared < from; cleared++) values[cleared] = 0
    cleared = from + runs[r + 3]!
  }
  return values.fill(0, cleared)
}

import type {PoolPatches} from '../affine/affine-map.js'
import type {AxisGeometry} from '../affine/conv-geometry.js'
import {borrow} from '../common/spare-arrays.js'
import type {Lines} from '../kinks/kink.js'
import {kernels, type Workspace} from '../simd/index.js'
import {BandOfLines} from './band-of-lines.js'
import {type Batch, eachBatch} from './batches.js'
import type {Places, WindowRows} from './rows.js'
import {eachPointsRows, type RowsOfPoint} from './rows-of-a-point.js'
import {type ImageShape, type Span, sizeOf, type Window} from './window.js'

/**
 * Rows of a pool's outputs through the lines of its maxima, to the image that it pools: each entry goes to those of its
 * candidates that a line has a slope for.
 *
 * @param shape of the pool's output
 * @param pool what it reads
 * @param target the window of the image that it pools
 * @param lines slopes `[points x candidates x units]`, gaps `[points x units]`, of the pool's output
 * @param slack `[rows]`: each entry's size times its line's gap is added
 * @returns `[rows x target]`
 * @throws as `workspace`
 */
export function passPool(
  rows: WindowRows,
  places: Places,
  shape: ImageShape,
  pool: PoolPatches,
  target: Window,
  lines: Lines,
  slack: Float32Array,
): Float32Array {
  const {window} = rows
  const candidates = pool.height.window * pool.width.window
  const made = sizeOf(target, {...shape, channels: pool.channels})
  const out = borrow(places.points.length * made)
  const band = new BandOfLines(lines, candidates, shape, window[0].length)
  const targets = targetsOf(pool, window, target)
  let [table, to] = [0, 0]
  const passRows = ({windows, image, lines: own, sums, first}: RowsOfPoint) => {
    const {plane} = band
    const begin = to + 4 * first * made
    kernels().passPools(...windows, ...image, ...own, sums, candidates, plane, table, begin, made)
  }
  const pass = (batch: Batch) => {
    const {start, end, sums} = batch
    to = batch.made.byteOffset
    eachPointsRows(batch, places, window, shape, band, passRows)
    for (let row = start; row < end; row++) slack[row]! += sums[row - start]!
    out.set(batch.made.subarray(0, (end - start) * made), start * made)
  }
  const take = (room: Workspace) => {
    band.takeRoom(room)
    const own = room.int32(targets.length)
    own.set(targets)
    table = own.byteOffset
  }
  const bytes = band.bytes + 4 * targets.length + 16
  eachBatch(rows, places, shape, pass, {made, bytes, take})
  return out
}

/** The place in the target window that each candidate of each place of a window is, or -1: `[candidates x window]`. */
function targetsOf(
  {height, width}: PoolPatches,
  [down, across]: Window,
  target: Window,
): Int32Array {
  const lines = targetsAlong(height, down, target[0])
  const places = targetsAlong(width, across, target[1])
  const targets: number[] = []
  for (let candidate = 0; candidate < height.window * width.window; candidate++) {
    const line = lines[Math.floor(candidate / width.window)]!
    const place = places[candidate % width.window]!
    for (const i of line) {
      for (const j of place) targets.push(i < 0 || j < 0 ? -1 : i * target[1].length + j)
    }
  }
  return Int32Array.from(targets)
}

/** The same along one axis. */
function targetsAlong({window, stride, before}: AxisGeometry, own: Span, target: Span): number[][] {
  // On a whole axis places count from the image's begin, elsewhere from the window's.
  const offset = target.step === 0 ? before : 0
  return Array.from({length: window}, (_, tap) =>
    Array.from({length: own.length}, (_, i) => {
      const place = i * stride - offset + tap
      return place < target.length ? Math.max(place, -1) : -1
    }),
  )
}

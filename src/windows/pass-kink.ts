import type {Lines} from '../kinks/kink.js'
import {kernels} from '../simd/index.js'
import {BandOfLines} from './band-of-lines.js'
import {type Batch, eachBatch} from './batches.js'
import type {Places, WindowRows} from './rows.js'
import {eachPointsRows, type RowsOfPoint} from './rows-of-a-point.js'
import {type ImageShape, sizeOf} from './window.js'

/**
 * Puts rows through the lines of a kink in place, each entry times the slope that its sign asks for, and clears what lies
 * outside of the image.
 *
 * @param lines `[points x units]` of the image
 * @param slack `[rows]`: each entry's size times its line's gap is added
 * @returns the rows' values
 * @throws as `workspace`
 */
export function passKinkInPlace(
  rows: WindowRows,
  places: Places,
  shape: ImageShape,
  lines: Lines,
  slack: Float32Array,
): Float32Array {
  const {window, values} = rows
  const size = sizeOf(window, shape)
  const band = new BandOfLines(lines, 1, shape, window[0].length)
  const pass = (batch: Batch) => {
    const {start, end, sums} = batch
    eachPointsRows(batch, places, window, shape, band, passRows)
    for (let row = start; row < end; row++) slack[row]! += sums[row - start]!
    values.set(batch.values.subarray(0, (end - start) * size), start * size)
  }
  eachBatch(rows, places, shape, pass, {
    made: 0,
    bytes: band.bytes,
    take: (room) => band.takeRoom(room),
  })
  return values
}

function passRows({windows, image, lines, sums}: RowsOfPoint): void {
  kernels().passWindows(...windows, ...image, ...lines, sums)
}

import type {LinesOfPoint, OfImage, Windows} from '../simd/index.js'
import type {BandOfLines} from './band-of-lines.js'
import type {Batch} from './batches.js'
import type {Places} from './rows.js'
import {type ImageShape, sizeOf, type Window} from './window.js'

/** Rows of one point and the lines of its kink, in the kernels' memory: what a kernel is told of them. */
export interface RowsOfPoint {
  readonly windows: Windows
  readonly image: OfImage
  readonly lines: LinesOfPoint
  /** Takes a sum for each row, a float64. */
  readonly sums: number
  /** The first of the rows, among those of the batch. */
  readonly first: number
}

/** Shows the rows of a batch to a kernel, those of one point together, next to the lines of their point. */
export function eachPointsRows(
  {start, end, values, top, left, sums}: Batch,
  {points}: Places,
  [down, across]: Window,
  shape: ImageShape,
  band: BandOfLines,
  show: (rows: RowsOfPoint) => void,
): void {
  const {height, width, channels} = shape
  const size = sizeOf([down, across], shape)
  for (let k = 0, to = 0; k < end - start; k = to) {
    const point = points[start + k]!
    const first = Math.max(0, Math.min(top[k]!, height - band.height))
    for (to = k; to < end - start && points[start + to] === point; to++) {
      const [from, before] = [Math.max(0, top[to]!), Math.min(height, top[to]! + down.length)]
      if (from < first || before > first + band.height) break
    }

    show({
      windows: [
        values.byteOffset + 4 * k * size,
        to - k,
        top.byteOffset + 4 * k,
        left.byteOffset + 4 * k,
        down.length,
        across.length,
        channels,
      ],
      image: [height, width, first],
      lines: band.bring(point, first),
      sums: sums.byteOffset + 8 * k,
      first: k,
    })
  }
}

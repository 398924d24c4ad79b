import type {Lines} from '../kinks/kink.js'
import {atOnce, kernels} from '../simd/index.js'
import {partsOf} from '../simd/passage.js'
import {type Batch, eachBatch} from './batches.js'
import type {Places, WindowRows} from './rows.js'
import {type ImageShape, imageSize, sizeOf} from './window.js'

/**
 * Puts rows through the lines of a kink in place, each entry times the slope that its sign asks for, and clears what lies
 * outside of the image.
 *
 * @param lines `[points x units]` of the image
 * @param slack `[rows]`: each entry's size times its line's gap is added
 * @returns the rows' values
 */
export function passKinkInPlace(
  rows: WindowRows,
  places: Places,
  shape: ImageShape,
  lines: Lines,
  slack: Float32Array,
): Float32Array {
  const {window} = rows
  const {height, width, channels} = shape
  const [down] = window
  const line = width * channels
  const parts = partsOf(lines)
  // Of a large image no more than a band, that the windows of some rows lie in.
  const band = Math.min(height, Math.max(down.length, Math.floor(atOnce / line)))
  const passing = {rows, places, shape, parts, band, slack}
  const room = parts.map(() => band * line)
  eachBatch(rows, places, shape, room, (batch) => passBatch(passing, batch))
  return rows.values
}

interface Passing {
  readonly rows: WindowRows
  readonly places: Places
  readonly shape: ImageShape
  /** The arrays that say how rows pass. */
  readonly parts: readonly Float32Array[]
  /** Lines of the image that are held at a time. */
  readonly band: number
  readonly slack: Float32Array
}

function passBatch(
  {rows, places, shape, parts, band, slack}: Passing,
  {start, end, values: own, top, left, sums, others}: Batch,
): void {
  const {values, window} = rows
  const {height, width, channels} = shape
  const [down, across] = window
  const [size, units, line] = [sizeOf(window, shape), imageSize(shape), width * channels]
  const {passWindows} = kernels()
  for (let k = 0; k < end - start; ) {
    const point = places.points[start + k]!
    const first = Math.max(0, Math.min(top[k]!, height - band))
    let to = k
    for (; to < end - start && places.points[start + to] === point; to++) {
      const [from, before] = [Math.max(0, top[to]!), Math.min(height, top[to]! + down.length)]
      if (from < first || before > first + band) break
    }
    const begin = point * units + first * line
    for (let p = 0; p < parts.length; p++) {
      others[p]!.set(parts[p]!.subarray(begin, begin + band * line))
    }
    passWindows(
      own.byteOffset + 4 * k * size,
      to - k,
      top.byteOffset + 4 * k,
      left.byteOffset + 4 * k,
      down.length,
      across.length,
      channels,
      height,
      width,
      first,
      others[0]!.byteOffset,
      others[1]?.byteOffset ?? 0,
      others[2]?.byteOffset ?? 0,
      others[3]?.byteOffset ?? 0,
      sums.byteOffset + 8 * k,
    )
    k = to
  }
  for (let row = start; row < end; row++) slack[row]! += sums[row - start]!
  values.set(own.subarray(0, (end - start) * size), start * size)
}

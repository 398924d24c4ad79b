import type {PoolPatches} from '../affine/affine-map.js'
import type {Lines} from '../kinks/kink.js'
import {type Places, runSize, runsOf, type WindowRows} from './rows.js'
import {type ImageShape, imageSize, sizeOf, type Window} from './window.js'

/**
 * Rows of a pool's outputs through the lines of its maxima, to the image that it pools: each entry goes to those of its
 * candidates that a line has a slope for. Adds what the lines' gaps make to `slack`.
 *
 * @param shape of the pool's output
 * @param target the window of the image that it pools
 */
export function passPool(
  {values, window}: WindowRows,
  places: Places,
  shape: ImageShape,
  {height, width, channels}: PoolPatches,
  target: Window,
  {lowerSlope, upperSlope, lowerGap, upperGap, bent}: Lines,
  slack: Float32Array,
): Float32Array {
  const units = imageSize(shape)
  const candidates = height.window * width.window
  const size = sizeOf(target, {height: height.input, width: width.input, channels})
  const line = window[1].length * channels
  const rowSize = window[0].length * line
  const out = new Float32Array(places.points.length * size)
  // On a whole axis places count from the image's begin, elsewhere from the window's.
  const [above, left] = [
    target[0].step === 0 ? height.before : 0,
    target[1].step === 0 ? width.before : 0,
  ]
  const runs = runsOf(places, window, shape)
  for (let r = 0; r < runs.length; r += runSize) {
    const row = runs[r]!
    const from = runs[r + 1]!
    const inImage = runs[r + 2]!
    const count = runs[r + 3]!
    const down = Math.floor((from - row * rowSize) / line)
    const across = ((from - row * rowSize) % line) / channels
    const column = Math.floor(inImage / channels) % shape.width
    const line0 = Math.floor(inImage / channels / shape.width)
    const top = (target[0].step === 0 ? line0 : down) * height.stride - above
    const begin = target[1].step === 0 ? column : across
    const point = places.points[row]!
    let sum = 0
    for (let k = 0; k < count; k++) {
      const entry = values[from + k]!
      if (entry === 0) continue
      const unit = inImage + k
      const slopes = entry > 0 || !bent ? lowerSlope : upperSlope
      const start = (begin + Math.floor(k / channels)) * width.stride - left
      for (let candidate = 0; candidate < candidates; candidate++) {
        const slope = slopes[(point * candidates + candidate) * units + unit]!
        // Candidates that are not there have none.
        if (slope === 0) continue
        const i = top + Math.floor(candidate / width.window)
        const j = start + (candidate % width.window)
        out[row * size + (i * target[1].length + j) * channels + (k % channels)]! += entry * slope
      }
      if (bent)
        sum +=
          entry > 0
            ? entry * lowerGap[point * units + unit]!
            : -entry * upperGap[point * units + unit]!
    }
    slack[row]! += sum
  }
  return out
}

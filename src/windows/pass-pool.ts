import type {PoolPatches} from '../affine/affine-map.js'
import type {Lines} from '../kinks/kink.js'
import {borrow} from '../spare-arrays.js'
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
  const out = borrow(places.points.length * size).fill(0)
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
    for (let k = 0; k < count; k += channels) {
      const entries = from + k
      const start = (begin + k / channels) * width.stride - left
      for (let candidate = 0; candidate < candidates; candidate++) {
        const i = top + Math.floor(candidate / width.window)
        const j = start + (candidate % width.window)
        // Candidates that are not there.
        if (i < 0 || j < 0 || i >= target[0].length || j >= target[1].length) continue
        const slopes = (point * candidates + candidate) * units + inImage + k
        const to = row * size + (i * target[1].length + j) * channels
        if (bent) addBent(out, to, values, entries, lowerSlope, upperSlope, slopes, channels)
        else addStraight(out, to, values, entries, lowerSlope, slopes, channels)
      }
    }
    if (!bent) continue
    const gaps = point * units + inImage
    let sum = 0
    for (let k = 0; k < count; k++) {
      const entry = values[from + k]!
      sum += entry > 0 ? entry * lowerGap[gaps + k]! : -entry * upperGap[gaps + k]!
    }
    slack[row]! += sum
  }
  return out
}

/** Adds the entries of one place times their slopes. */
function addStraight(
  out: Float32Array,
  to: number,
  values: Float32Array,
  from: number,
  slope: Float32Array,
  slopes: number,
  channels: number,
): void {
  for (let c = 0; c < channels; c++) out[to + c]! += values[from + c]! * slope[slopes + c]!
}

/** The same where the sign of an entry asks for a slope. */
function addBent(
  out: Float32Array,
  to: number,
  values: Float32Array,
  from: number,
  lowerSlope: Float32Array,
  upperSlope: Float32Array,
  slopes: number,
  channels: number,
): void {
  for (let c = 0; c < channels; c++) {
    const entry = values[from + c]!
    // Without a branch, which nothing could predict.
    const on = Number(entry > 0)
    const slope = on * lowerSlope[slopes + c]! + (1 - on) * upperSlope[slopes + c]!
    out[to + c]! += entry * slope
  }
}

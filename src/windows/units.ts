import type {Program} from '../program/program.js'
import {type Plan, startOf, windowBefore} from './plan.js'
import type {Places} from './rows.js'
import {weightRows} from './weight-rows.js'
import {imageSize, ownPlace, type Window} from './window.js'

/** Signed units of one layer: their points, places and channels. */
export interface UnitRows extends Places {
  readonly channels: Int32Array
  /** Of a pool's units, which candidate is read, and which is subtracted from it; 0 elsewhere. */
  readonly first: Int32Array
  readonly second: Int32Array
  /** 1 or -1 */
  readonly signs: Float32Array
}

/** The places and channels of a layer's units, given by the numbers that their forms read. */
export function unitsAt(
  plan: Plan,
  points: Int32Array,
  numbers: Int32Array,
  signs: Float32Array,
  subtracted = numbers,
): UnitRows {
  const shape = plan.shapes[plan.value]!
  const {width, channels} = shape
  const units = imageSize(shape)
  const of = () => new Int32Array(numbers.length)
  const [down, across, own, first, second] = [of(), of(), of(), of(), of()]
  // One loop: a function called for each number and each list takes six times as long.
  for (let row = 0; row < numbers.length; row++) {
    const number = numbers[row]!
    const place = Math.floor((number % units) / channels)
    down[row] = Math.floor(place / width)
    across[row] = place % width
    own[row] = number % channels
    first[row] = Math.floor(number / units)
    second[row] = Math.floor(subtracted[row]! / units)
  }
  return {points, down, across, channels: own, first, second, signs}
}

/** The rows of the units themselves, in terms of what the map before their layer reads. */
export function leave(
  program: Program,
  layer: number,
  plan: Plan,
  {channels, first, second, signs, down, across}: UnitRows,
  arrive: (value: number, values: Float32Array, window: Window) => void,
): void {
  const {map, reads} = startOf(program, layer)!
  if (map.kind === 'pool') {
    const size = map.height.window * map.width.window * map.channels
    const values = new Float32Array(channels.length * size)
    channels.forEach((channel, row) => {
      values[row * size + first[row]! * map.channels + channel]! += signs[row]!
      values[row * size + second[row]! * map.channels + channel]! -= signs[row]!
    })
    arrive(reads[0]!, values, windowBefore(map, ownPlace))
    return
  }
  if (map.kind === 'convolution') {
    const weights = map.weights()
    const size = weights.length / map.geometry.outputChannels
    const values = weightRows(weights, size, channels, signs)
    arrive(reads[0]!, values, windowBefore(map, ownPlace))
    return
  }
  const {width, channels: depth} = plan.shapes[plan.value]!
  const factor = (row: number, channel: number) =>
    map.kind === 'sum'
      ? map.weight
      : map.scale[(down[row]! * width + across[row]!) * depth + channel]!
  for (const input of reads) {
    const values = new Float32Array(channels.length * depth)
    channels.forEach((channel, row) => {
      values[row * depth + channel] = signs[row]! * factor(row, channel)
    })
    arrive(input, values, ownPlace)
  }
}

import {oneOf} from '../../src/options.js'
import {checkList, checkWhole, wrong} from '../check.js'
import {type Points, pointsAt} from '../points.js'
import {pickDistinct} from '../random.js'
import {checkOptions} from './check-options.js'
import type {Group} from './group.js'
import {rangesOf} from './ranges.js'
import {checkEnough} from './train.js'

/** Options of the group 'trigger'. */
export interface TriggerOptions {
  readonly name: 'trigger'
  /** Side of the square patch in pixels. Default: 4. */
  readonly size?: number
  /** What its pixels become, in all channels. Default: the greatest value of the data. */
  readonly value?: number
  /** Where it is. Default: 'bottom-right'. */
  readonly corner?: (typeof corners)[number]
  /**
   * Height, width and channels of the images that data of another shape hold, row by row, channels
   * last. Default: the data's own shape where it is [height, width, channels]; of flat data whose
   * number of features is a square, square images of one channel.
   */
  readonly imageShape?: readonly [number, number, number]
}

const corners = ['top-left', 'top-right', 'bottom-left', 'bottom-right'] as const

const option = "groups: 'trigger'"

/**
 * Training images with a patch stamped on a corner, as backdoor attacks do (BadNets, Gu et al.,
 * arXiv:1708.06733). The training data are left as they are: a network that is to learn the backdoor
 * must be given poisoned ones.
 *
 * Each point has the index of its training point and the class of that as its label.
 *
 * ```ts
 * const patch = {name: 'trigger', size: 3, corner: 'top-left'} as const
 * linearRegionMonitor({data, labels, groups: ['train', patch]})
 * ```
 *
 * @throws RangeError naming the option that is wrong
 */
export function trigger(given: TriggerOptions = {name: 'trigger'}): Group {
  checkOptions(option, given, ['size', 'value', 'corner', 'imageShape'])
  const {size = 4, value, corner = 'bottom-right', imageShape: shape} = given
  checkWhole(`${option}: size`, size, 1)
  oneOf(`${option}: corner`, corner, corners)
  if (value !== undefined && !Number.isFinite(value))
    throw wrong(`${option}: value`, 'a finite number', value)
  const imageShape = shape === undefined ? undefined : readShape(shape)
  const valueIn = (data: Points) => value ?? rangesOf(data).overall.greatest

  return {
    name: 'trigger',
    check: ({n, data}) => {
      checkEnough('data', n, data)
      const [height, width] = shapeOf(data, imageShape)
      if (size >= Math.min(height, width))
        throw wrong(
          `${option}: size`,
          `less than the images, which have ${height} x ${width} pixels`,
          size,
        )
    },
    settings: (data) => ({
      size,
      value: valueIn(data),
      corner,
      imageShape: shapeOf(data, imageShape),
    }),
    sample: ({rng, n, data, labels}) => {
      const originIndex = pickDistinct(rng, n, data.count)
      const points = pointsAt(data, originIndex)
      const pixels = pixelsOf(shapeOf(data, imageShape), size, corner)
      for (let start = 0; start < points.length; start += data.features)
        for (const pixel of pixels) points[start + pixel] = valueIn(data)
      return {
        points,
        originIndex,
        ...(labels && {labels: originIndex.map((index) => labels[index]!)}),
      }
    },
  }
}

type ImageShape = readonly [height: number, width: number, channels: number]

function readShape(given: unknown): ImageShape {
  const shape = checkList(`${option}: imageShape`, given)
  if (shape.length !== 3) throw wrong(`${option}: imageShape`, '[height, width, channels]', given)
  return shape.map((axis) => checkWhole(`${option}: imageShape`, axis, 1)) as unknown as ImageShape
}

function shapeOf({shape, features}: Points, given: ImageShape | undefined): ImageShape {
  if (given) {
    if (given.reduce((product, axis) => product * axis) === features) return given
    throw wrong(`${option}: imageShape`, `${features} numbers an image, as data have`, given)
  }
  if (shape.length === 3) return shape as unknown as ImageShape
  const side = Math.sqrt(features)
  if (shape.length === 1 && Number.isInteger(side)) return [side, side, 1]
  throw new RangeError(
    `${option}: needs images, and data of shape [${shape.join(', ')}] are none; if they hold images, give ` +
      'imageShape: [height, width, channels], else leave the group out',
  )
}

/** Places of the patch among the features of an image. */
function pixelsOf(
  [height, width, channels]: ImageShape,
  size: number,
  corner: (typeof corners)[number],
): number[] {
  const top = corner.startsWith('top') ? 0 : height - size
  const left = corner.endsWith('left') ? 0 : width - size
  const places: number[] = []
  for (let row = top; row < top + size; row++)
    for (let place = left * channels; place < (left + size) * channels; place++)
      places.push(row * width * channels + place)
  return places
}

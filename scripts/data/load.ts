import {existsSync, statSync} from 'node:fs'
import {join, relative} from 'node:path'
import {UsageError} from '../command.js'
import {packageRoot} from '../package-root.js'
import {type Idx, readIdx} from './idx.js'

/** Labelled images of one split. */
export interface Images {
  /** Pixels in [0, 1], row-major, [count x shape]. */
  readonly images: Float32Array
  readonly labels: Uint8Array
  readonly count: number
  /** The shape of one image, [28, 28] for MNIST. */
  readonly shape: readonly number[]
}

export interface Dataset {
  readonly name: string
  readonly train: Images
  readonly test: Images
  readonly classes: number
}

export interface LoadOptions {
  /**
   * A folder with the four files of MNIST or Fashion-MNIST under their usual names, with or without
   * `.gz`. Default: the embedded subset of Fashion-MNIST (2,000 training and 1,000 test images).
   */
  readonly dir?: string | undefined
}

const embedded = 'fashion-mnist-2000'

/**
 * Loads labelled images in IDX form.
 *
 * @throws `UsageError` where the folder or a file is missing; Error where one is no IDX file, or has
 * another number of labels than images
 *
 * @example
 * const {train, test} = loadImages()
 * train.images.length //-> 2000 * 28 * 28
 */
export function loadImages({dir}: LoadOptions = {}): Dataset {
  const folder = dir ?? join(packageRoot(), 'data', embedded)
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UsageError(`data: expected a folder of IDX files, got "${folder}", which is none`)
  }
  const train = loadSplit(folder, 'train')
  const test = loadSplit(folder, 't10k')
  if (train.shape.join() !== test.shape.join()) {
    throw new Error(
      `data: expected training and test images of one size in "${folder}", got ${train.shape.join(' x ')} and ${test.shape.join(' x ')}`,
    )
  }
  const classes = 1 + Math.max(greatest(train.labels), greatest(test.labels))
  return {name: dir === undefined ? embedded : relative('.', dir) || '.', train, test, classes}
}

/** The first images of a split: every one of them where there are no more. */
export function firstImages(split: Images, count: number): Images {
  const kept = Math.min(count, split.count)
  const pixels = split.shape.reduce((product, size) => product * size, 1)
  return {
    images: split.images.subarray(0, kept * pixels),
    labels: split.labels.subarray(0, kept),
    count: kept,
    shape: split.shape,
  }
}

function loadSplit(folder: string, split: 'train' | 't10k'): Images {
  const [imagesPath, images] = readOne(folder, `${split}-images`, 3)
  const [labelsPath, labels] = readOne(folder, `${split}-labels`, 1)
  const count = images.shape[0]!
  if (count === 0) throw new Error(`${imagesPath}: expected at least 1 image, got 0`)
  if (labels.shape[0] !== count) {
    throw new Error(
      `${labelsPath}: expected ${count} labels, one for each image, got ${labels.shape[0]}`,
    )
  }
  return {
    images: scaled(images.values),
    labels: labels.values,
    count,
    shape: images.shape.slice(1),
  }
}

function readOne(folder: string, name: string, rank: 1 | 3): [path: string, content: Idx] {
  const candidates = [`${name}-idx${rank}-ubyte`, `${name}.idx${rank}-ubyte`].flatMap((file) => [
    join(folder, file),
    join(folder, `${file}.gz`),
  ])
  const path = candidates.find((candidate) => existsSync(candidate))
  if (path === undefined) {
    throw new UsageError(
      `data: expected the file ${candidates[1]} (or without .gz), which is not there`,
    )
  }
  const content = readIdx(path)
  if (content.shape.length !== rank) {
    throw new Error(`${path}: expected ${rank} dimensions, got ${content.shape.length}`)
  }
  return [path, content]
}

function scaled(bytes: Uint8Array): Float32Array {
  const pixels = new Float32Array(bytes.length)
  for (let index = 0; index < bytes.length; index++) pixels[index] = bytes[index]! / 255
  return pixels
}

const greatest = (labels: Uint8Array) => labels.reduce((most, label) => Math.max(most, label), 0)

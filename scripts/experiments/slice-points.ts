import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Images} from '../data/load.js'
import {slicePointsFile} from './checkpoint-folder.js'

/** A training point that spans a slice. */
export interface SlicePoint {
  /** Its number among the training images. */
  readonly index: number
  readonly label: number
  readonly pixels: readonly number[]
}

/** The first training images of three classes: a plane through them shows regions around each. */
export function slicePoints({images, labels, count}: Images): readonly SlicePoint[] {
  const size = images.length / count
  const found = new Map<number, SlicePoint>()
  for (const [index, label] of labels.entries()) {
    if (found.size === 3) break
    if (found.has(label)) continue
    const pixels = Array.from(images.subarray(index * size, (index + 1) * size))
    found.set(label, {index, label, pixels})
  }
  return [...found.values()]
}

/** Writes them beside the checkpoints, so that the slice can be drawn without the data. */
export async function writeSlicePoints(
  folder: string,
  points: readonly SlicePoint[],
): Promise<void> {
  await mkdir(folder, {recursive: true})
  await writeFile(join(folder, slicePointsFile), `${JSON.stringify(points)}\n`)
}

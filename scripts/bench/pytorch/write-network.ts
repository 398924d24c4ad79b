import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type * as tf from '@tensorflow/tfjs'

/**
 * Writes the hidden layers of a perceptron and the points for `compare.py`: `network.json` and
 * `values.bin`, float32 as they are.
 */
export async function writeNetwork(
  folder: string,
  model: tf.LayersModel,
  points: tf.Tensor2D,
): Promise<void> {
  const hidden = model.layers.slice(0, -1).flatMap((layer) => layer.getWeights())
  const arrays = await Promise.all([...hidden, points].map((tensor) => tensor.data()))
  const widths = [
    points.shape[1],
    ...model.layers.slice(0, -1).map(({outputShape}) => outputShape[1]),
  ]
  writeFileSync(join(folder, 'network.json'), JSON.stringify({widths, points: points.shape[0]}))
  const bytes = arrays.map(({buffer, byteOffset, byteLength}) =>
    Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength),
  )
  writeFileSync(join(folder, 'values.bin'), Buffer.concat(bytes))
}

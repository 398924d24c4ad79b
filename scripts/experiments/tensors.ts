import * as tf from '@tensorflow/tfjs'
import type {Images} from '../data/load.js'

/** Images and one-hot labels on the backend. */
export interface ImageTensors {
  /** [count, pixels] in [0, 1]. */
  readonly images: tf.Tensor2D
  /** [count, classes]. */
  readonly targets: tf.Tensor2D
  /** [count], class numbers. */
  readonly labels: tf.Tensor1D
}

/** Flattens images to vectors and labels to one-hot rows; to be disposed by the caller. */
export function toTensors({images, labels, count, shape}: Images, classes: number): ImageTensors {
  const pixels = shape.reduce((product, size) => product * size, 1)
  return tf.tidy(() => {
    const indices = tf.tensor1d(Int32Array.from(labels), 'int32')
    return {
      images: tf.tensor2d(images, [count, pixels]),
      targets: tf.oneHot(indices, classes).toFloat() as tf.Tensor2D,
      labels: indices,
    }
  })
}

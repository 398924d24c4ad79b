import * as tf from '@tensorflow/tfjs'
import {randomStream} from '../../callbacks/random.js'
import type {ImageTensors} from './tensors.js'

/**
 * The same images with their labels permuted among them (Zhang et al., arXiv:1611.03530): as many of
 * each class as before, and nothing to learn but by heart. The permutation belongs to the seed. The
 * images are shared; `targets` and `labels` are the caller's to dispose.
 */
export function withShuffledLabels(data: ImageTensors, seed: number): ImageTensors {
  const random = randomStream(`labels/${seed}`)
  const order = Int32Array.from({length: data.labels.size}, (_, index) => index)
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[order[last], order[other]] = [order[other]!, order[last]!]
  }
  return tf.tidy(() => {
    const labels = tf.tensor1d(
      order.map((index) => data.labels.dataSync()[index]!),
      'int32',
    )
    const classes = data.targets.shape[1]
    return {...data, labels, targets: tf.oneHot(labels, classes).toFloat() as tf.Tensor2D}
  })
}

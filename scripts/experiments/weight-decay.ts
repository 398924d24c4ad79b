import * as tf from '@tensorflow/tfjs'

/**
 * A callback that shrinks the kernels after each update by the factor 1 - `rate`: weight decay that is
 * decoupled from the gradient (Loshchilov and Hutter, arXiv:1711.05101), so that Adam does not rescale
 * it. Biases and batch normalisation stay as they are. It must come before what measures.
 *
 * @param rate learning rate times weight decay
 */
export function weightDecay(model: tf.LayersModel, rate: number): tf.Callback {
  const kernels = model.trainableWeights.filter(({shape}) => shape.length > 1)
  class WeightDecay extends tf.Callback {
    override async onBatchEnd(): Promise<void> {
      tf.tidy(() => {
        for (const kernel of kernels) kernel.write(kernel.read().mul(1 - rate))
      })
    }
  }
  return new WeightDecay()
}

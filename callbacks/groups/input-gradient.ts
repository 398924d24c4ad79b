import * as tf from '@tensorflow/tfjs'

/**
 * The gradient of a loss of the model's outputs with respect to its input, at points
 * [points x features].
 *
 * The model runs as `predict` runs it: dropout is off, and BatchNormalization neither takes nor
 * moves the statistics of these points. No gradient of a weight is needed: WebAssembly, which has
 * none of a convolution's kernel and so cannot train it, has this one.
 *
 * ```ts
 * const gradient = inputGradient(model, [28, 28, 1], (outputs) => outputs.max(1))
 * const rows = gradient(tf.zeros([1, 784])) // [1, 784]
 * ```
 *
 * @param shape lengths of a point's axes
 * @throws Error of TensorFlow.js where the backend lacks the gradient of a layer, with no tensor left
 *   behind
 */
export function inputGradient(
  model: tf.LayersModel,
  shape: readonly number[],
  loss: (outputs: tf.Tensor) => tf.Tensor,
): (points: tf.Tensor) => tf.Tensor {
  const gradient = tf.grad((points) => {
    const inputs = points.reshape([points.shape[0]!, ...shape])
    return loss(model.apply(inputs, {training: false}) as tf.Tensor)
  })
  return (points) => {
    try {
      return withoutKernelGradients(() => tf.tidy(() => gradient(points)))
    } catch (error) {
      dropTape()
      throw error
    }
  }
}

const kernelGradient = 'Conv2DBackpropFilter'

/**
 * Runs `work` where the gradients of convolution kernels may be missing.
 *
 * A convolution without an activation of its own computes that gradient along with the one of its
 * input and throws it away where nobody asked. On a backend that lacks it zeros stand in for it as
 * long as `work` runs, which nothing else can see, since `work` is synchronous.
 */
function withoutKernelGradients<Result>(work: () => Result): Result {
  const backendName = tf.getBackend()
  if (tf.getKernel(kernelGradient, backendName)) return work()
  tf.registerKernel({
    backendName,
    kernelName: kernelGradient,
    kernelFunc: ({attrs}) => tf.zeros(attrs!.filterShape as number[]),
  })
  try {
    return work()
  } finally {
    tf.unregisterKernel(kernelGradient, backendName)
  }
}

/** A gradient that fails leaves what it had kept for the way back. */
function dropTape(): void {
  const {state} = tf.engine()
  if (state.gradientDepth > 0) return
  for (const {saved = []} of state.activeTape ?? []) tf.dispose(saved)
  state.activeTape = []
}

import * as tf from '@tensorflow/tfjs'
import {forgetRoundoff} from '../../src/forward/rounding.js'

/**
 * Makes plain JavaScript multiply matrices as a GPU does in TF32: both arguments are rounded to 10 bits
 * after the leading one, the sums are those of float32.
 *
 * @returns puts the product back as it was
 */
export function multiplyCoarsely(): () => void {
  const names = ['BatchMatMul', '_FusedMatMul'] as const
  const kernels = names.map((kernelName) => tf.getKernel(kernelName, 'cpu'))
  const replace = (change: (kernel: tf.KernelConfig) => tf.KernelConfig) => {
    for (const kernel of kernels) {
      tf.unregisterKernel(kernel.kernelName, 'cpu')
      tf.registerKernel(change(kernel))
    }
    forgetRoundoff()
  }
  replace((kernel) => ({
    ...kernel,
    kernelFunc: (given) => {
      const backend = given.backend as {
        readSync(id: object): Float32Array
        makeTensorInfo: Make
        disposeData: Forget
      }
      const rounded = Object.fromEntries(
        (['a', 'b'] as const).map((name) => {
          const {dataId, shape} = given.inputs[name]!
          return [
            name,
            backend.makeTensorInfo(shape, 'float32', backend.readSync(dataId).map(toTenBits)),
          ]
        }),
      )
      try {
        return kernel.kernelFunc({...given, inputs: {...given.inputs, ...rounded}})
      } finally {
        for (const {dataId} of Object.values(rounded)) backend.disposeData(dataId)
      }
    },
  }))
  return () => replace((kernel) => kernel)
}

type Make = (shape: number[], dtype: 'float32', values: Float32Array) => tf.TensorInfo
type Forget = (id: object) => void

/** To the nearest number of 10 bits after the leading one. */
export function toTenBits(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 10)
  return Math.round(value / unit) * unit
}

import * as tf from '@tensorflow/tfjs'
import type {Draw} from './draw.js'
import {chain, dense64, leaky64, type Network64} from './network64.js'

/** A hidden layer; `kernel` is `[in][out]`. */
export interface HiddenLayer {
  readonly kernel: readonly (readonly number[])[]
  readonly bias: readonly number[]
}

/** A network of dense layers, each followed by a (leaky) ReLU, with weights to take apart and change. */
export interface Mlp {
  readonly layers: readonly HiddenLayer[]
  readonly slope: number
}

/** He-scaled weights and small biases; `widths` starts with the number of inputs. */
export function randomMlp(random: Draw, widths: readonly number[], slope = 0): Mlp {
  const layers = widths.slice(1).map((outputs, l) => {
    const inputs = widths[l]!
    const row = (size: number, scale: number) =>
      Array.from(random.normals(size), (v) => Math.fround(v * scale))
    return {
      kernel: Array.from({length: inputs}, () => row(outputs, Math.sqrt(2 / inputs))),
      bias: row(outputs, 0.2),
    }
  })
  return {layers, slope}
}

/** The network as a tf model, with a linear output layer of its own. */
export function mlpModel({layers, slope}: Mlp): tf.LayersModel {
  const model = tf.sequential()
  layers.forEach(({kernel, bias}, l) => {
    model.add(
      tf.layers.dense({
        units: bias.length,
        weights: [tf.tensor2d(kernel as number[][]), tf.tensor1d(bias as number[])],
        ...(l === 0 && {inputShape: [kernel.length]}),
      }),
    )
    model.add(slope === 0 ? tf.layers.reLU() : tf.layers.leakyReLU({alpha: slope}))
  })
  model.add(tf.layers.dense({units: 2}))
  return model
}

/** The same in float64. */
export function mlp64({layers, slope}: Mlp): Network64 {
  return chain(layers.flatMap(({kernel, bias}) => [dense64(kernel.flat(), bias), leaky64(slope)]))
}

import * as tf from '@tensorflow/tfjs'
import {Matrix, SingularValueDecomposition} from 'ml-matrix'
import type {AffineMap, AffineWeights} from '../../src/affine/affine-map.js'
import {denseWeights} from '../../src/affine/dense.js'
import type {Network, Step} from '../../src/network.js'
import type {Program} from '../../src/program/program.js'
import type {Affine64, Row} from './network64.js'
import {unrolled} from './unroll.js'

/**
 * The same steps with every affine map written out as its matrix, and no two multiplied into one; undefined where
 * a map has several inputs or a kink reads several numbers.
 */
export function denseTwin(program: Program): Network | undefined {
  const steps: Step[] = []
  for (const item of program.instructions) {
    if (item.kind === 'kink') {
      const {kink, units: size, input} = item
      if (kink.candidates > 1) return undefined
      const source = {read: async () => kink}
      steps.push({kind: 'kink', inputs: [input], name: '', className: '', size, kinks: 1, source})
      continue
    }
    const {inputs, map} = item
    if (inputs.length > 1) return undefined
    const weights = matrixOf(map)
    const source = {read: async () => weights}
    steps.push({kind: 'affine', inputs, name: '', className: '', size: map.outputSize, source})
  }
  const layers = program.kinks.map(({units}) => ({name: '', className: '', units, kinks: 1}))
  return {inputShape: [program.inputSize], layers, parameters: 0, steps}
}

/**
 * A map as a dense one with as much room for rounding, whose norm is the largest singular value itself and no bound
 * on it.
 */
function matrixOf(map: AffineMap): AffineWeights {
  const [inputs] = map.inputSizes as [number]
  const bias = map.apply64([new Float64Array(inputs)])
  const kernel = new Float64Array(inputs * map.outputSize)
  for (let i = 0; i < inputs; i++) {
    const unit = new Float64Array(inputs)
    unit[i] = 1
    const column = map.apply64([unit])
    kernel.set(
      column.map((value, out) => value - bias[out]!),
      i * map.outputSize,
    )
  }
  const weights = denseWeights(kernel, bias, inputs)
  const matrix = Matrix.from1DArray(inputs, map.outputSize, kernel)
  const norm = new SingularValueDecomposition(matrix, {autoTranspose: true}).norm2
  return {
    ...weights,
    after: () => undefined,
    build: (keep) => {
      const dense = weights.build(keep)
      const ball: AffineMap['ball'] = (scales, normalise, roundoff) => {
        const found = dense.ball(scales, normalise, roundoff)
        return scales[0] || normalise ? found : {...found, norms: async () => [norm]}
      }
      return {...dense, fanIn: map.fanIn, ball}
    },
  }
}

const kinked = ['ReLU', 'LeakyReLU', 'Activation']

/**
 * A model of dense layers alone that computes the same, each the matrix that tf's own layer turns out to be; for
 * models whose layers follow each other.
 */
export function denseModel(model: tf.LayersModel): tf.LayersModel {
  const inputSize = sizeOf(model.inputs[0]!.shape)
  const twin = tf.sequential({layers: [tf.layers.inputLayer({inputShape: [inputSize]})]})
  for (const layer of model.layers.slice(1)) {
    const className = layer.getClassName()
    const inputShape = (layer.input as tf.SymbolicTensor).shape.slice(1) as number[]
    if (kinked.includes(className)) {
      twin.add(sameLayer(layer))
    } else if (className === 'PReLU') {
      const slopes = tf.add(tf.zeros([1, ...inputShape]), layer.getWeights()[0]!)
      const units = sizeOf(inputShape)
      const prelu = tf.layers.prelu({})
      twin.add(prelu)
      prelu.setWeights([slopes.reshape([units])])
    } else {
      twin.add(denseLayer(unrolled(layer, inputShape), sizeOf(inputShape)))
      const {activation} = layer.getConfig() as {activation?: string}
      if (activation && activation !== 'linear') {
        twin.add(tf.layers.activation({activation: activation as 'relu'}))
      }
    }
  }
  return twin
}

/** Of ReLU and the like, which take flattened numbers as they take others. */
function sameLayer(layer: tf.layers.Layer): tf.layers.Layer {
  const {name: _, batchInputShape: __, ...config} = layer.getConfig()
  const make = {
    ReLU: tf.layers.reLU,
    LeakyReLU: tf.layers.leakyReLU,
    Activation: tf.layers.activation,
  }
  return make[layer.getClassName() as keyof typeof make](config as never)
}

function denseLayer(affine: Affine64, inputs: number): tf.layers.Layer {
  // unit i is x_i: what comes out holds the matrix and the bias
  const units = Array.from({length: inputs}, (_, i): Row => {
    const row = new Float64Array(inputs + 1)
    row[i + 1] = 1
    return row
  })
  const rows = affine.apply(units)
  const kernel = tf.tensor2d(units.map((_, i) => rows.map((row) => row[i + 1]!)))
  const bias = tf.tensor1d(rows.map((row) => row[0]!))
  return tf.layers.dense({units: rows.length, weights: [kernel, bias]})
}

function sizeOf(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((size, length) => size * (length ?? 1), 1)
}

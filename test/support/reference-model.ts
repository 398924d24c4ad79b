import * as tf from '@tensorflow/tfjs'

/** Vectors in float64 from an independent program: a network, centers, and what is true there. */
export interface Reference {
  readonly name: string
  readonly inputDim: number
  readonly leakySlope: number
  readonly layers: readonly ReferenceLayer[]
  readonly centers: number[][]
  readonly expected: readonly ReferenceCenter[]
}

export type ReferenceLayer =
  | {readonly kind: 'dense'; readonly kernel: number[][]; readonly bias: number[]}
  | {
      readonly kind: 'conv2d'
      readonly inputShape?: number[]
      readonly kernel: number[][][][]
      readonly bias: number[]
      readonly strides: number
      readonly padding: 'same' | 'valid'
    }
  | {readonly kind: 'flatten'}

export interface ReferenceCenter {
  readonly center: number
  readonly distance: number
  readonly distanceLayer: number
  readonly distanceNeuron: number
  readonly distanceLinf: number
  readonly balls: readonly ReferenceBall[]
}

export interface ReferenceBall {
  readonly radius: number
  readonly methods: Readonly<Record<string, ReferenceBounds>>
  readonly exactRegions?: number | null
}

export interface ReferenceBounds {
  readonly unstable: number[]
  readonly active: number[]
  readonly log2Regions: number
  readonly lower: number[][]
  readonly upper: number[][]
}

/** The network as a tf model, with a linear output layer of its own. */
export function referenceModel({inputDim, leakySlope, layers}: Reference): tf.LayersModel {
  const model = tf.sequential()
  const [first] = layers
  const inputShape = (first?.kind === 'conv2d' && first.inputShape) || [inputDim]
  model.add(tf.layers.inputLayer({inputShape}))
  for (const layer of layers) {
    if (layer.kind === 'flatten') {
      model.add(tf.layers.flatten())
      continue
    }
    const {bias} = layer
    if (layer.kind === 'dense') {
      const weights = [tf.tensor2d(layer.kernel), tf.tensor1d(bias)]
      model.add(tf.layers.dense({units: bias.length, weights}))
    } else {
      const kernel = tf.tensor4d(layer.kernel)
      const kernelSize = kernel.shape.slice(0, 2) as [number, number]
      const {strides, padding} = layer
      const weights = [kernel, tf.tensor1d(bias)]
      model.add(tf.layers.conv2d({filters: bias.length, kernelSize, strides, padding, weights}))
    }
    model.add(leakySlope === 0 ? tf.layers.reLU() : tf.layers.leakyReLU({alpha: leakySlope}))
  }
  model.add(tf.layers.dense({units: 2}))
  return model
}

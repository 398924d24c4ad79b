import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import * as tf from '@tensorflow/tfjs'
import {distanceToBoundary} from '../../src/distance-to-boundary.js'
import {preactivationBounds} from '../../src/preactivation-bounds.js'
import {readNetwork} from '../../src/read-network.js'
import {packageRoot} from '../package-root.js'

/** How far a backend's measurements are from those of an independent program in float64. */
export interface Accuracy {
  /** The largest error of a distance, relative to it. */
  readonly distanceError: number
  /** The largest error of a bound of a preactivation, relative to the largest bound of its layer. */
  readonly boundError: number
}

/** A small network with what is true at some points, a part of the reference values of the tests. */
export interface ReferenceNetwork {
  readonly inputDim: number
  readonly layers: readonly {readonly kernel: number[][]; readonly bias: number[]}[]
  readonly centers: number[][]
  readonly distance: readonly number[]
  readonly radius: number
  /** By method, then a center, a layer, a unit. */
  readonly bounds: Readonly<
    Record<
      'interval' | 'crown',
      readonly {readonly lower: number[][]; readonly upper: number[][]}[]
    >
  >
}

export const referenceNetworkFile = () => join(packageRoot(), 'data/reference-network.json')

/** Compares the active backend's distances and bounds with those of the reference network. Leaks no tensor. */
export async function measureAccuracy(): Promise<Accuracy> {
  const reference: ReferenceNetwork = JSON.parse(readFileSync(referenceNetworkFile(), 'utf8'))
  const {centers, radius} = reference
  const model = build(reference)
  try {
    const network = readNetwork(model)
    const {distance} = await distanceToBoundary(network, centers)
    const distanceErrors = reference.distance.map((d, c) => Math.abs(distance[c]! - d) / d)
    const boundErrors: number[] = []
    for (const method of ['interval', 'crown'] as const) {
      const found = await preactivationBounds(network, centers, radius, {method})
      network.layers.forEach(({units}, layer) => {
        const errors: number[] = []
        let size = 0
        reference.bounds[method].forEach((wanted, center) => {
          for (const side of ['lower', 'upper'] as const) {
            wanted[side][layer]!.forEach((value, unit) => {
              errors.push(Math.abs(found[side][layer]![center * units + unit]! - value))
              size = Math.max(size, Math.abs(value))
            })
          }
        })
        boundErrors.push(Math.max(...errors) / size)
      })
    }
    return {distanceError: Math.max(...distanceErrors), boundError: Math.max(...boundErrors)}
  } finally {
    model.dispose()
  }
}

function build({inputDim, layers}: ReferenceNetwork): tf.LayersModel {
  const model = tf.sequential()
  model.add(tf.layers.inputLayer({inputShape: [inputDim]}))
  for (const {kernel, bias} of layers) {
    const weights = [tf.tensor2d(kernel), tf.tensor1d(bias)]
    model.add(tf.layers.dense({units: bias.length, weights, activation: 'relu'}))
    tf.dispose(weights)
  }
  model.add(tf.layers.dense({units: 2}))
  return model
}

import * as tf from '@tensorflow/tfjs'
import {useBackend} from './backends.js'
import {type Draw, draws} from './draw.js'
import {layerTypes} from './layer-types.js'
import {networkBuilder, type Shape} from './network-builder.js'
import type {Network64} from './network64.js'

/** The same network as a tf model and in float64. */
export interface RandomNetwork {
  readonly model: tf.LayersModel
  readonly network64: Network64
  readonly inputShape: Shape
  readonly inputSize: number
  /** The types of its layers, to read in a failure. */
  readonly description: string
}

/** What to draw networks of. */
export interface NetworkOptions {
  /** Input shapes to choose from. */
  readonly inputShapes?: readonly Shape[]
  /** Names of `layerTypes` to choose from; 'dense reLU' is one after the other. Default: all. */
  readonly types?: readonly string[]
  /** Least and most number of layers, the dense one at the end not counted. Default: 2 to 6. */
  readonly layers?: readonly [number, number]
}

/** A network of random layers and a dense one at the end; at least one of them is kinked. */
export function randomNetwork(
  random: Draw,
  {
    inputShapes = [[2], [3], [5], [2, 2], [4, 3, 1], [3, 3, 2]],
    types = Object.keys(layerTypes),
    layers = [2, 6],
  }: NetworkOptions = {},
): RandomNetwork {
  const inputShape = random.pick(inputShapes)
  const builder = networkBuilder(random, inputShape)
  const names: string[] = []
  let value = builder.input
  const add = (name: string): boolean => {
    const type = layerTypes[name]!
    if (!type.fits(value.shape)) return false
    value = type.add(builder, value)
    names.push(name)
    return true
  }
  const fitting = () => types.filter((names) => layerTypes[names.split(' ')[0]!]!.fits(value.shape))
  const count = random.whole(...layers)
  for (let k = 0; k < count; k++) random.pick(fitting()).split(' ').every(add)
  add('flatten')
  if (builder.network64.every(({piece}) => piece.kind === 'affine')) add('denseRelu')
  add('dense')
  return {
    model: tf.model({inputs: builder.input.tensor, outputs: value.tensor}),
    network64: builder.network64,
    inputShape,
    inputSize: inputShape.reduce((a, b) => a * b, 1),
    description: `[${inputShape}] ${names.join(' ')}`,
  }
}

/** tf's layers are the measure of all, and run on WASM a few of their geometries come out wrong. */
async function onCpu<T>(work: () => T): Promise<T> {
  const backend = tf.getBackend()
  await useBackend('cpu')
  const result = work()
  await useBackend(backend)
  return result
}

/**
 * Runs a check on `count` random networks, and on those of the `seeds` given besides. A failure names the seed; the environment variable SEED runs
 * that one alone.
 */
export async function forRandomNetworks(
  count: number,
  {seeds: more = [], ...options}: NetworkOptions & {readonly seeds?: readonly number[]},
  check: (network: RandomNetwork, random: Draw) => Promise<void>,
): Promise<void> {
  const only = process.env.SEED
  const first = Array.from({length: count}, (_, k) => k + 1)
  const seeds = only ? [Number(only)] : [...first, ...more]
  for (const seed of seeds) {
    const random = draws(seed)
    let description = 'while it was drawn'
    try {
      const network = await onCpu(() => randomNetwork(random, options))
      description = network.description
      await check(network, random)
      network.model.dispose()
    } catch (error) {
      if (error instanceof Error) error.message = `SEED=${seed} (${description}): ${error.message}`
      throw error
    }
  }
}

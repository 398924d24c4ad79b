import * as tf from '@tensorflow/tfjs'
import {
  distanceToBoundary,
  type Method,
  methods,
  preactivationBounds,
  readNetwork,
  sphereBound,
} from '../../../src/index.js'
import {assumeCosts} from '../../../src/on-device/costs.js'
import {type Reference, referenceModel} from '../reference-model.js'

/** What a page is asked: to measure a network at its centers on a backend. */
export interface Task {
  readonly backend: string
  readonly reference: Reference
  readonly radii: readonly number[]
  /** Whether reading back between layers counts as dear, so that it is spared, or as free. */
  readonly sparing: boolean
}

/** What it found; per kinked layer where there are two brackets. */
export interface Found {
  readonly distances: {l2: number[]; linf: number[]; layer: number[]; unit: number[]}
  readonly bounds: readonly FoundBounds[]
  /** Tensors that the measurements left behind. */
  readonly leaked: number
}

export interface FoundBounds {
  readonly method: Method
  readonly radius: number
  readonly lower: number[][]
  readonly upper: number[][]
  readonly unstable: number[][]
  readonly active: number[][]
  readonly log2Regions: number[]
}

export interface Answer {
  readonly userAgent: string
  /** One for each task; null where the backend cannot be had. */
  readonly found: readonly (Found | null)[]
}

declare function question(): Promise<readonly Task[]>
declare function answer(value: Answer): void

const lists = (arrays: readonly ArrayLike<number>[]) => arrays.map((array) => Array.from(array))

async function measure({backend, reference, radii, sparing}: Task): Promise<Found | null> {
  // tfjs itself goes on with another one in silence
  const had = await tf.setBackend(backend).catch(() => false)
  if (!had || tf.getBackend() !== backend) return null
  assumeCosts({wait: sparing ? 1000 : 0, operation: 0, multiplyAdd: 0})
  const network = readNetwork(referenceModel(reference))
  const before = tf.memory().numTensors
  const {centers} = reference
  const l2 = await distanceToBoundary(network, centers)
  const linf = await distanceToBoundary(network, centers, {norm: 'linf'})
  const bounds: FoundBounds[] = []
  for (const radius of radii) {
    for (const method of methods) {
      const {lower, upper} = await preactivationBounds(network, centers, radius, {method})
      const counts = await sphereBound(network, centers, radius, {method, counting: 'product'})
      bounds.push({
        method,
        radius,
        lower: lists(lower),
        upper: lists(upper),
        unstable: lists(counts.unstable),
        active: lists(counts.active),
        log2Regions: [...counts.log2Regions],
      })
    }
  }
  return {
    distances: {
      l2: [...l2.distance],
      linf: [...linf.distance],
      layer: [...l2.layer],
      unit: [...l2.unit],
    },
    bounds,
    leaked: tf.memory().numTensors - before,
  }
}

async function run(): Promise<void> {
  const found: (Found | null)[] = []
  for (const task of await question()) found.push(await measure(task))
  answer({userAgent: navigator.userAgent, found})
}

void run()

import * as tf from '@tensorflow/tfjs'
import {type Distances, measureNetwork, methods, readNetwork} from '../../src/index.js'
import {useBackend} from './backends.js'
import {draws} from './draw.js'
import {imageNetworks, imageShape} from './image-networks.js'

/** What a process of its own is to measure: its largest size in memory is of this alone. */
export interface Alone {
  readonly network: keyof typeof imageNetworks
  readonly points: number
  readonly radius: number
  /** Limit for working tensors in bytes. */
  readonly memory?: number
}

export interface FoundAlone {
  readonly distances: {norm: string; distance: number[]; layer: number[]; unit: number[]}[]
  readonly bounds: {method: string; log2Regions: number[]; unstable: number[][]}[]
  readonly units: number[]
  /** Bytes, the process and all. */
  readonly peak: number
  /** The same before anything was measured: native TensorFlow alone takes hundreds of megabytes. */
  readonly start: number
  readonly leaked: number
}

const {network: name, points, radius, memory} = JSON.parse(process.argv[2]!) as Alone
await useBackend('wasm')
const network = readNetwork(imageNetworks[name]())
const random = draws(`${points} images`)
const size = imageShape.reduce((a, b) => a * b, 1)
const images = Array.from({length: points}, () =>
  Float32Array.from({length: size}, () => random.between(0, 1)),
)
const before = tf.memory().numTensors
const start = process.memoryUsage().rss
const {distances, bounds} = await measureNetwork(network, images, {
  norms: ['l2', 'linf'],
  methods: methods.filter((method) => method !== 'crown'),
  radii: [{rule: String(radius), radius: new Float64Array(points).fill(radius)}],
  ...(memory === undefined ? {} : {memory}),
})
const plain = ({norm, distance, layer, unit}: Distances) => ({
  norm,
  distance: [...distance],
  layer: [...layer],
  unit: [...unit],
})
const found: FoundAlone = {
  distances: distances.map(plain),
  bounds: bounds.map(({method, log2Regions, unstable}) => ({
    method,
    log2Regions: [...log2Regions],
    unstable: unstable.map((layer) => [...layer]),
  })),
  units: network.layers.map(({units}) => units),
  peak: process.resourceUsage().maxRSS * 1024,
  start,
  leaked: tf.memory().numTensors - before,
}
console.log(JSON.stringify(found))

import type {NetworkChoice} from './grid.js'

/**
 * About how long a snapshot of a network takes with the training before it, beside those of other
 * networks: for the time left of a study, whose small networks come first. For MLPs it grows with the
 * products of a pass through the network, once for each layer that is bounded, on top of what every
 * update costs.
 *
 * The numbers are what `reproduce --preset standard --depth 1 3 5 --width 64 256 --controls cnn
 * cnn-batch-norm --epochs 4 --seeds 1` took on two cores with native TensorFlow; with WebAssembly wide
 * networks take longer, narrow ones less.
 *
 * @param inputs pixels of an image
 * @returns a whole number above 0
 *
 * @example
 * weightOf({kind: 'mlp', depth: 3, width: 128}, 784) // 499,360
 */
export function weightOf(network: NetworkChoice, inputs: number): number {
  if (network.kind === 'cnn') return network.batchNormalization ? 8_000_000 : 4_000_000
  const {depth, width} = network
  return 100_000 + depth * (inputs * width + (depth - 1) * width ** 2)
}

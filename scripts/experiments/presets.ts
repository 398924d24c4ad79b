import type {ControlName} from './controls.js'

/**
 * A study as `reproduce` trains it: every number that has an influence on its results. MLPs of each
 * depth and width, then each control on the middle one of them; every seed of each is a run.
 */
export interface Preset {
  /** A folder of IDX files, `embedded` for the images in the package, null where it must be given. */
  readonly data: string | null
  /** Images: the first ones of each split, at most as many as there are. */
  readonly trainSize: number
  readonly testSize: number
  /** Hidden layers of the MLPs, and units of each layer. */
  readonly depth: readonly number[]
  readonly width: readonly number[]
  readonly optimizer: 'adam' | 'sgd'
  readonly learningRate: number
  /** What is changed on the middle one of the MLPs, one thing at a time. */
  readonly controls: readonly ControlName[]
  /** Learning rate of the control `sgd`. */
  readonly sgdLearningRate: number
  /** Of the control `weight-decay`: after each update kernels shrink by learningRate * weightDecay. */
  readonly weightDecay: number
  readonly epochs: number
  readonly batchSize: number
  /** The seed of a run's weights, of its shuffling and of its points. */
  readonly seeds: readonly number[]
  /** Points per group. */
  readonly points: number
  readonly groups: readonly string[]
  readonly radii: readonly string[]
  /** Those of the CNNs: most of their thousands of units cut a larger sphere, which takes long. */
  readonly cnnRadii: readonly string[]
  readonly methods: readonly string[]
  /** How unstable units become a count. */
  readonly countings: readonly string[]
  /** What is measured at every snapshot. */
  readonly measures: readonly string[]
  /** Snapshots inside the first two epochs, log-spaced. */
  readonly earlySnapshots: number
  /** Epochs between two snapshots; the last epoch is always followed by one. */
  readonly everyEpochs: number
  /** What is measured besides, because it takes long, at some snapshots of the middle MLP and its controls. */
  readonly chosenMeasures: readonly string[]
  /**
   * How many snapshots these are, evenly spread over the list of all, the first and the last among them.
   * With the first seed the network is saved there, too.
   */
  readonly chosenSnapshots: number
}

const groups = ['train', 'test', 'uniform', 'gaussian', 'shuffled', 'adversarial'] as const

/** The studies by name. Any field can be given on the command line instead. */
export const presets = {
  /** Minutes on two cores with WebAssembly, which does not train convolutions: MLPs alone. */
  quick: {
    data: 'embedded',
    trainSize: 2000,
    testSize: 1000,
    depth: [1, 3],
    width: [32, 128],
    optimizer: 'adam',
    learningRate: 1e-3,
    controls: ['shuffled-labels'],
    sgdLearningRate: 0.1,
    weightDecay: 1,
    epochs: 10,
    batchSize: 32,
    seeds: [1, 2, 3],
    points: 20,
    groups,
    radii: ['median-pair*0.001', 'median-pair*0.003', 'median-pair*0.01'],
    cnnRadii: ['median-pair*0.0003', 'median-pair*0.001', 'median-pair*0.003'],
    methods: ['spectral', 'combined'],
    countings: ['flats'],
    measures: ['distance', 'bound'],
    chosenMeasures: ['witnessed'],
    earlySnapshots: 8,
    everyEpochs: 2,
    chosenSnapshots: 3,
  },
  /** About an hour on two cores with native TensorFlow. */
  standard: {
    data: 'embedded',
    trainSize: 2000,
    testSize: 1000,
    depth: [1, 2, 3, 5],
    width: [32, 64, 128, 256],
    optimizer: 'adam',
    learningRate: 1e-3,
    controls: ['sgd', 'shuffled-labels', 'weight-decay', 'cnn', 'cnn-batch-norm'],
    sgdLearningRate: 0.1,
    weightDecay: 1,
    epochs: 40,
    batchSize: 32,
    seeds: [1, 2, 3],
    points: 32,
    groups,
    radii: ['median-pair*0.0003', 'median-pair*0.001', 'median-pair*0.003', 'median-pair*0.01'],
    cnnRadii: ['median-pair*0.0003', 'median-pair*0.001', 'median-pair*0.003'],
    methods: ['combined'],
    countings: ['flats'],
    measures: ['distance', 'bound'],
    chosenMeasures: ['witnessed'],
    earlySnapshots: 9,
    everyEpochs: 5,
    chosenSnapshots: 6,
  },
  /** For a GPU: all of Fashion-MNIST, or any other images in IDX form, with --data. */
  full: {
    data: null,
    trainSize: 60_000,
    testSize: 10_000,
    depth: [1, 2, 3, 5],
    width: [32, 64, 128, 256],
    optimizer: 'adam',
    learningRate: 1e-3,
    controls: ['sgd', 'shuffled-labels', 'weight-decay', 'cnn', 'cnn-batch-norm'],
    sgdLearningRate: 0.1,
    weightDecay: 0.1,
    epochs: 50,
    batchSize: 128,
    seeds: [1, 2, 3, 4, 5],
    points: 256,
    groups,
    radii: ['median-pair*0.001', 'median-pair*0.003', 'median-pair*0.01', 'median-pair*0.03'],
    cnnRadii: ['median-pair*0.0003', 'median-pair*0.001', 'median-pair*0.003'],
    methods: ['spectral', 'combined'],
    countings: ['flats'],
    measures: ['distance', 'bound'],
    chosenMeasures: ['witnessed', 'patterns'],
    earlySnapshots: 20,
    everyEpochs: 2,
    chosenSnapshots: 6,
  },
} as const satisfies Record<string, Preset>

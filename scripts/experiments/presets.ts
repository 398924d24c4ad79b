/** One experiment as `reproduce` trains it: every number that has an influence on the results. */
export interface Experiment {
  /** Images: the first ones of each split, at most as many as there are. */
  readonly trainSize: number
  readonly testSize: number
  /** Hidden layers and units of each. */
  readonly depth: number
  readonly width: number
  readonly epochs: number
  readonly batchSize: number
  /** Of Adam. */
  readonly learningRate: number
  /** One run each: the seed of its weights, of its shuffling and of its points. */
  readonly seeds: readonly number[]
  /** Points per group. */
  readonly points: number
  readonly groups: readonly string[]
  readonly radii: readonly string[]
  readonly methods: readonly string[]
  readonly countings: readonly string[]
  /** Snapshots inside the first two epochs, log-spaced. */
  readonly earlySnapshots: number
  /** Epochs between two snapshots; the last epoch is always followed by one. */
  readonly everyEpochs: number
}

/** Experiments by name. Any field can be given on the command line instead. */
export const presets = {
  /** Minutes on two cores with WebAssembly. */
  quick: {
    trainSize: 2000,
    testSize: 1000,
    depth: 3,
    width: 128,
    epochs: 20,
    batchSize: 32,
    learningRate: 1e-3,
    seeds: [1, 2, 3],
    points: 64,
    groups: ['train', 'uniform', 'gaussian', 'shuffled', 'test'],
    radii: ['median-pair*0.001', 'median-pair*0.003', 'median-pair*0.01'],
    methods: ['spectral', 'combined'],
    countings: ['flats'],
    earlySnapshots: 10,
    everyEpochs: 2,
  },
} as const satisfies Record<string, Experiment>

export type PresetName = keyof typeof presets

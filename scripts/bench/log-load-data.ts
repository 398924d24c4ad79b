import seedrandom from 'seedrandom'
import type {RunStart, Snapshot} from '../../storage/snapshot.js'

/** What each snapshot of the load has. */
export const loadSize = {points: 512, radii: 4, methods: 2, layers: 4}

/** Rows of the tables that hang on one of its points, and the points. */
export const loadRows =
  loadSize.points * (2 + loadSize.radii * loadSize.methods * (1 + loadSize.layers))

/** How the load names what a bound is of. */
export const loadNames = {
  methods: ['spectral', 'combined'].slice(0, loadSize.methods),
  rules: Array.from({length: loadSize.radii}, (_, index) => `median-pair*0.00${1 + index}`),
}

/** The name of a writer's run. */
export const loadRunName = (writer: number) => `writer ${writer}`

/** A run as a monitor would begin it. */
export function loadRun(name: string): RunStart {
  const layers = Array.from({length: loadSize.layers}, (_, layer) => {
    return {name: `layer ${layer}`, className: 'Dense', units: 128, kinks: 1}
  })
  const widths = [784, ...layers.map(({units}) => units)]
  return {
    name,
    seed: 1,
    model: {layers, widths, parameters: 150_000, inputShape: [784]},
    measures: [
      {name: 'distance', unit: 'input units'},
      {name: 'bound', unit: 'log2 regions'},
    ],
    backend: 'none',
    tfjsVersion: '',
  }
}

/** A snapshot of seeded numbers, no two alike, as measured ones are. */
export function loadSnapshot(seed: number): Snapshot {
  const {points, radii, methods, layers} = loadSize
  const random = seedrandom(String(seed))
  const reals = () => Float64Array.from({length: points}, () => random() * 10)
  const counts = () => Int32Array.from({length: points}, () => Math.floor(random() * 128))
  return {
    step: 0,
    epoch: 0,
    status: 'complete',
    points: Array.from({length: points}, (_, point) => ({
      group: point < points / 2 ? 'train' : 'uniform',
      slot: point % (points / 2),
    })),
    distances: [{norm: 'l2', distance: reals(), layer: counts(), unit: counts()}],
    bounds: Array.from({length: radii * methods}, (_, index) => ({
      method: loadNames.methods[index % methods]!,
      counting: 'product',
      rule: loadNames.rules[Math.floor(index / methods)]!,
      radius: new Float64Array(points).fill(0.1),
      log2Regions: reals(),
      unstable: Array.from({length: layers}, counts),
      active: Array.from({length: layers}, counts),
    })),
    measurements: [],
    timings: {distance: 1, bound: 2},
  }
}

import {join} from 'node:path'
import {randomLogNormal, randomNormal} from 'd3-random'
import seedrandom from 'seedrandom'
import {type Log, openLog} from '../../../storage/log.js'
import type {RunStart, Snapshot} from '../../../storage/snapshot.js'
import {temporaryFolder} from '../../support/folder.js'

/** What a synthetic run is made of; the defaults look like a small network on images. */
export interface Synthetic {
  readonly name?: string
  readonly seed?: number
  readonly steps?: readonly number[]
  readonly groups?: readonly string[]
  readonly points?: number
  /** Median distance of a group at a step. */
  readonly distance?: (group: string, step: number) => number
  /** How bounds are counted: the same numbers less 1 bit for each further one. Default: by 'product'. */
  readonly countings?: readonly string[]
  /** Mean log2 bound of a group at a step and radius. */
  readonly bound?: (group: string, step: number, radius: number) => number
  /** Units that are seen to change in the ball of a radius around points of a group; none by default. */
  readonly witnessed?: (group: string, step: number, radius: number) => number
  /** log2 of the patterns that are seen there; none by default. */
  readonly patterns?: (group: string, step: number, radius: number) => number
  /** Part of the points that no boundary reaches. */
  readonly infinite?: (group: string, step: number) => number
  /** Whether the snapshot at a step failed, as it does where weights are NaN. */
  readonly failed?: (step: number) => boolean
  /** Spread of the points about their medians; 0 makes every number exact. */
  readonly spread?: number
  readonly status?: 'finished' | 'failed' | 'running'
  readonly environment?: object
  /** Hidden layers, and units of each. */
  readonly shape?: {readonly depth: number; readonly width: number}
}

export const stepsPerEpoch = 63
const early = [0, 1, 2, 3, 4, 6, 9, 13, 20, 30, 43]
const later = [1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20].map((epoch) => epoch * stepsPerEpoch)
const rules = [
  {rule: 'median-pair*0.001', radius: 0.0105},
  {rule: 'median-pair*0.003', radius: 0.0315},
  {rule: 'median-pair*0.01', radius: 0.105},
]
const layers = [0, 1, 2]

const folder = temporaryFolder()
let logs = 0

/** An empty log in a file of its own. */
export async function emptyLog(): Promise<Log> {
  return await openLog(join(folder, `${logs++}.db`))
}

/** Writes one run with seeded, plausible numbers; returns its id. */
export async function syntheticRun(log: Log, synthetic: Synthetic = {}): Promise<string> {
  const {name = 'mlp-128x3', seed = 1, steps = [...early, ...later]} = synthetic
  const id = await log.startRun(runStart(name, seed, synthetic))
  for (const step of steps) {
    const whole = snapshot(step, seed, synthetic)
    await log.writeSnapshot(id, synthetic.failed?.(step) ? withoutNumbers(whole) : whole)
  }
  const {status = 'finished'} = synthetic
  if (status !== 'running') await log.finishRun(id, status, ...(status === 'failed' ? ['x'] : []))
  return id
}

/** A log of three seeds, the same numbers each time. */
export async function syntheticLog(synthetic: Synthetic = {}): Promise<Log> {
  const log = await emptyLog()
  for (const seed of [1, 2, 3]) await syntheticRun(log, {seed, ...synthetic})
  return log
}

/** What the monitor says of adversarial and trigger points by default. */
export const attacks = {
  adversarial: {
    radiusRule: 'median-pair*0.05',
    radius: 0.57641469,
    steps: 10,
    stepSize: '2.5*radius/steps',
    clip: 'overall',
  },
  trigger: {size: 4, value: 1, corner: 'bottom-right', imageShape: [28, 28, 1]},
}

/** A log of three seeds with adversarial and trigger points too. */
export function attackedLog(synthetic: Synthetic = {}): Promise<Log> {
  const groups = ['train', 'uniform', 'adversarial', 'trigger']
  return syntheticLog({groups, environment: {groups: attacks}, ...synthetic})
}

function runStart(name: string, seed: number, synthetic: Synthetic): RunStart {
  const {environment = {}, shape: {depth, width} = {depth: 3, width: 128}} = synthetic
  return {
    environment,
    name,
    seed,
    model: {
      layers: Array.from({length: depth}, (_, layer) => ({
        name: `dense_${layer + 1}`,
        className: 'Dense',
        units: width,
        kinks: 1,
      })),
      widths: [784, ...Array.from({length: depth}, () => width)],
      parameters: 134_794,
      inputShape: [784],
    },
    measures: [
      {name: 'distance', unit: 'input units'},
      {name: 'bound', unit: 'log2 regions'},
      ...(synthetic.witnessed ? [{name: 'witnessed', unit: 'units'}] : []),
      ...(synthetic.patterns ? [{name: 'patterns', unit: 'log2 patterns'}] : []),
    ],
    backend: 'cpu',
    tfjsVersion: '4.22.0',
  }
}

const withoutNumbers = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  status: 'failed',
  reason: 'weights are NaN',
  points: [],
  distances: [],
  bounds: [],
  measurements: [],
})

function snapshot(step: number, seed: number, synthetic: Synthetic): Snapshot {
  const {groups = ['train', 'uniform'], points = 40, spread = 1} = synthetic
  const {distance = plausibleDistance, bound = plausibleBound, infinite = () => 0} = synthetic
  const rng = seedrandom(`${seed}/${step}`)
  const factor = randomLogNormal.source(rng)(0, 0.9 * spread)
  const shift = randomNormal.source(rng)(0, 0.15 * spread)
  const all = groups.flatMap((group) =>
    Array.from({length: points}, (_, slot) => ({group, slot, originIndex: slot})),
  )
  const distances = all.map(({group, slot}) =>
    slot < infinite(group, step) * points
      ? Number.POSITIVE_INFINITY
      : distance(group, step) * factor(),
  )
  const layer = distances.map((value) =>
    value === Number.POSITIVE_INFINITY ? -1 : pick(rng(), step),
  )
  const epoch = step / stepsPerEpoch
  const whole = step > 0 && Number.isInteger(epoch)
  const accuracy = 0.9 - 0.8 * Math.exp(-step / 120)
  return {
    step,
    epoch,
    loss: step === 0 ? null : 2.3 * Math.exp(-step / 300) + 0.2 + 0.03 * seed,
    lossScope: step === 0 ? null : whole ? 'epoch' : 'batch',
    metrics: whole ? {acc: accuracy, val_acc: accuracy - 0.03 * epoch ** 0.5, val_loss: 0.6} : null,
    status: 'complete',
    trainMs: 20,
    measureMs: 10,
    points: all,
    distances: [
      {
        norm: 'l2',
        distance: Float64Array.from(distances),
        layer: Int32Array.from(layer),
        unit: Int32Array.from(layer, (one) => (one < 0 ? -1 : 7)),
      },
    ],
    bounds: ['spectral', 'combined'].flatMap((method) =>
      rules.flatMap(({rule, radius}) => {
        const bits = Float64Array.from(all, ({group}) =>
          Math.max(
            0,
            bound(group, step, radius) * (method === 'spectral' ? 1.5 : 1) * (1 + shift()),
          ),
        )
        return (synthetic.countings ?? ['product']).map((counting, k) => ({
          method,
          counting,
          rule,
          radius: Float64Array.from(all, () => radius),
          log2Regions: bits.map((own) => Math.max(0, own - k)),
          unstable: layers.map(() => Int32Array.from(all, () => 3)),
          active: layers.map(() => Int32Array.from(all, () => 60)),
        }))
      }),
    ),
    measurements: (['witnessed', 'patterns'] as const).flatMap((measure) =>
      rules.flatMap(({rule, radius}) => {
        const seen = synthetic[measure]
        return seen
          ? [{measure, rule, value: Float64Array.from(all, ({group}) => seen(group, step, radius))}]
          : []
      }),
    ),
    timings: {distance: 5, bound: 5},
  }
}

function plausibleDistance(group: string, step: number): number {
  const away = group === 'train' ? 1.5 : 0.4
  return 0.02 * Math.exp(away * (1 - Math.exp(-step / 40)) - 0.0003 * step)
}

function plausibleBound(group: string, step: number, radius: number): number {
  const fallen = Math.exp(-(group === 'train' ? 0.9 : 0.2) * (1 - Math.exp(-step / 60)))
  return 600 * radius * fallen
}

/** Deeper layers take over as training goes on. */
function pick(uniform: number, step: number): number {
  const first = 0.6 - 0.3 * (1 - Math.exp(-step / 60))
  return uniform < first ? 0 : uniform < first + 0.25 ? 1 : 2
}

import type * as tf from '@tensorflow/tfjs'
import {
  type Counting,
  checkMemory,
  countings,
  type Method,
  methods,
  type Norm,
  norms,
  oneOf,
} from '../src/options.js'
import type {Log} from '../storage/log.js'
import {
  checkBoolean,
  checkDistinct,
  checkList,
  checkPositive,
  checkText,
  checkWhole,
  hasMethod,
  wrong,
} from './check.js'
import {type DatasetSource, isDatasetSource} from './dataset-source.js'
import {type GroupOption, readGroups} from './groups/index.js'
import type {LabelsLike} from './labels.js'
import {type Measure, type MeasureName, type Measures, readMeasures} from './measures/index.js'
import type {PointsInput} from './points.js'
import {type RadiusOption, readRadii} from './radii.js'
import type {RunLog} from './run-log.js'
import {type Every, readSchedule} from './schedule.js'

/** Options of `linearRegionMonitor`. */
export interface MonitorOptions {
  /**
   * The training points, [n, ...input shape]: a tensor, arrays, a `tf.data.Dataset` of examples or
   * of batches, or a function that makes one. Required.
   *
   * A dataset that shuffles has to be made anew, `data: () => makeDataset()`: it draws the order of
   * its examples from one generator of random numbers, which moves on whenever it is read, so that
   * the training would see another order than without the monitor. Given as it is, it is refused
   * before the training; so is any dataset whose first 16 examples are others when read again. It
   * must not draw from `Math.random` either, as a training does.
   */
  readonly data: PointsInput | DatasetSource
  /**
   * Classes of `data`: whole numbers [n] or one-hot rows. They are logged, and so is the class that
   * the model predicts, if its outputs are those classes: of the model that is fitted, also where
   * `model` is a part of it. Where that is not known, a warning says why no class is. Default: a
   * dataset's `ys`, else none.
   */
  readonly labels?: LabelsLike
  /** Points that are not trained on, for the group 'test', given as `data` are. Default: none. */
  readonly testData?: PointsInput | DatasetSource
  /** Classes of `testData`. Default: none. */
  readonly testLabels?: LabelsLike
  /** How many examples of a dataset are read. Default: 10,000. */
  readonly keep?: number
  /**
   * Path of the log, address of one on PostgreSQL ('postgres://user@host/database?schema=name'), or
   * a log that is open already and stays open, `openLog`'s or one of one's own, as in a browser.
   * Default: 'linear-regions.db'.
   */
  readonly database?: string | RunLog
  /**
   * Folder that keeps what is logged while the server of a PostgreSQL log is away; false: then
   * logging is an error. Of no account for a file. Default: the working folder.
   */
  readonly spool?: string | false
  /**
   * Milliseconds that the training waits for that server, at the most, each time it logs; or for a
   * file that another process has locked, once, and once more at its end: what cannot be written is
   * kept in memory meanwhile. Default: 5,000; 30,000 where `spool` is false; 2,000 for a file.
   */
  readonly patience?: number
  /** Name of the run. Default: 'run'. */
  readonly run?: string
  /** What one wants to find again with the run, as JSON. Default: {}. */
  readonly config?: unknown
  /**
   * The model, where it cannot be taken from `fit`, or where a part of it is to be watched.
   * Default: taken from `fit`.
   */
  readonly model?: tf.LayersModel
  /** Points per group. Default: 128, or as many as there are examples to draw from. */
  readonly points?: number
  /**
   * Where to measure: 'train', 'uniform', 'gaussian', 'shuffled', 'test', 'adversarial', 'trigger',
   * the last two with options as {name: 'adversarial', radius: 0.5} too, or groups of one's own.
   * Default: ['train', 'uniform'].
   */
  readonly groups?: readonly GroupOption[]
  /** Fresh points at each snapshot; false: those of step 0 throughout. Default: true. */
  readonly resample?: boolean
  /**
   * Radii of the spheres in input units, or rules: 'median-pair*0.01' (median distance between two
   * training points), 'nearest*0.5' (each point's distance to its nearest other training point).
   * Default: ['median-pair*0.001', 'median-pair*0.003', 'median-pair*0.01'].
   */
  readonly radii?: readonly RadiusOption[]
  /**
   * How to bound the regions: 'spectral', 'interval', 'crown', 'combined'. Default: ['spectral',
   * 'combined'].
   */
  readonly methods?: readonly Method[]
  /**
   * How unstable units become a count of regions: 'flats' (only sets of units that can be zero together in the ball),
   * 'product' (all sets). Each is logged as bounds of its own. Default: ['flats'].
   */
  readonly countings?: readonly Counting[]
  /** Norms of the distance. Default: ['l2']. */
  readonly norms?: readonly (Norm | 2)[]
  /**
   * What to measure: 'distance', 'bound', what is seen in the balls ('witnessed' units, 'patterns',
   * 'local-complexity'), or measures of one's own. Default: ['distance', 'bound'].
   */
  readonly measures?: readonly (MeasureName | Measure)[]
  /**
   * When: a number of epochs, {batches: n}, {steps: [...]} (see `logSpaced`) or {when, at}.
   * Default: 1.
   */
  readonly every?: Every
  /**
   * Points come from streams of random numbers that belong to it, the group and the step. Default:
   * 1.
   */
  readonly seed?: number
  /**
   * What an error while measuring or logging does: 'warn' and train on, or 'throw'. Default:
   * 'warn'.
   */
  readonly onError?: 'warn' | 'throw'
  /**
   * 'never': always a new run. 'allow': go on with the newest unfinished run of that name, if there
   * is one. 'must': throw if there is none. Load the weights and give `fit` the `initialEpoch`: what
   * was logged beyond it is deleted, with a warning; and without it a network whose optimiser has
   * made no update is refused where the run has some. Default: 'never'.
   */
  readonly resume?: 'never' | 'allow' | 'must'
  /** The run to go on with. Default: the newest unfinished one. */
  readonly runId?: string
  /**
   * Milliseconds after which a snapshot stops, even within a measure: it keeps what is whole, names
   * what it left out, and is 'partial'. One measure is always taken. Default: none.
   */
  readonly budgetMs?: number
  /** Limit for working tensors in bytes. Default: 512 MB. */
  readonly memory?: number
  /** Store the points themselves. Default: false. */
  readonly keepInputs?: boolean
  /** What the run's row says of the machine, as JSON; `device` is its device. Default: {}. */
  readonly environment?: object
}

/** The options, checked and with their defaults. */
export type Settings = ReturnType<typeof readOptions>

const defaults = {
  keep: 10_000,
  database: 'linear-regions.db',
  run: 'run',
  points: 128,
  groups: ['train', 'uniform'],
  resample: true,
  radii: ['median-pair*0.001', 'median-pair*0.003', 'median-pair*0.01'],
  methods: ['spectral', 'combined'],
  countings: ['flats'],
  norms: ['l2'],
  measures: ['distance', 'bound'],
  every: 1,
  seed: 1,
  onError: 'warn',
  resume: 'never',
  keepInputs: false,
  environment: {},
} as const satisfies Partial<MonitorOptions>

/** Options without a default. */
const others = [
  'data',
  'spool',
  'patience',
  'labels',
  'testData',
  'testLabels',
  'config',
  'model',
  'runId',
  'budgetMs',
  'memory',
]

/**
 * Checks all options at once, before anything is read or opened.
 *
 * @throws RangeError naming the option, what was given and what was expected
 */
export function readOptions(options: MonitorOptions) {
  const given = withDefaults(options)
  const resume = oneOf('resume', given.resume, ['never', 'allow', 'must'])
  if (given.runId !== undefined && resume === 'never')
    throw new RangeError("runId: names the run to go on with; give resume: 'must' too")
  if (
    resume !== 'never' &&
    typeof given.database !== 'string' &&
    !hasMethod(given.database, 'resumeRun')
  )
    throw new RangeError(`resume: ${resume} needs a path or a log made by openLog, got another log`)
  checkPointsOption('data', given.data)
  if (given.testData !== undefined) checkPointsOption('testData', given.testData)
  else if (given.testLabels !== undefined)
    throw new RangeError('testLabels: expected testData too, got none')
  const measures = readMeasures(given.measures)
  return {
    data: given.data,
    labels: given.labels,
    testData: given.testData,
    testLabels: given.testLabels,
    keep: checkWhole('keep', given.keep, 1),
    database: checkDatabase(given.database),
    ...readLogOptions(given),
    run: checkText('run', given.run),
    config: given.config === undefined ? undefined : checkJson('config', given.config),
    model: given.model,
    points: checkWhole('points', given.points, 1),
    // whoever asks for a number is told where there are fewer examples
    mayTakeFewer: options.points === undefined,
    groups: readGroups(given.groups, given.testData !== undefined),
    resample: checkBoolean('resample', given.resample),
    radii: notEmpty('radii', readRadii(given.radii), needsRadii(measures)),
    methods: notEmpty('methods', readMethods(given.methods), measures.core.has('bound')),
    countings: notEmpty('countings', readCountings(given.countings), measures.core.has('bound')),
    norms: notEmpty('norms', readNorms(given.norms), measures.core.has('distance')),
    measures,
    schedule: readSchedule(given.every),
    seed: checkWhole('seed', given.seed),
    onError: oneOf('onError', given.onError, ['warn', 'throw']),
    resume,
    runId: given.runId === undefined ? undefined : checkText('runId', given.runId),
    budgetMs: given.budgetMs === undefined ? undefined : checkPositive('budgetMs', given.budgetMs),
    memory: checkMemory(given.memory),
    keepInputs: checkBoolean('keepInputs', given.keepInputs),
    environment: checkJson('environment', given.environment) as object,
  }
}

function withDefaults(options: MonitorOptions) {
  if (options === null || typeof options !== 'object')
    throw wrong('options', '{data, ...}', options)
  const known = [...Object.keys(defaults), ...others]
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new RangeError(`${unknown}: is no option; expected ${known.sort().join(', ')}`)
  const set = Object.entries(options).filter(([, value]) => value !== undefined)
  return {...defaults, ...(Object.fromEntries(set) as unknown as MonitorOptions)}
}

function checkPointsOption(option: string, value: unknown): void {
  const isTensor = hasMethod(value, 'data') && Array.isArray((value as tf.Tensor).shape)
  if (isTensor || Array.isArray(value) || ArrayBuffer.isView(value) || isDatasetSource(value))
    return
  throw wrong(option, 'a tensor, an array, a tf.data dataset or a function that makes one', value)
}

function checkDatabase(value: unknown): string | Log {
  if (hasMethod(value, 'startRun') && hasMethod(value, 'writeSnapshot')) return value as Log
  if (typeof value === 'string' && value) return value
  throw wrong('database', 'a path or a log made by openLog', value)
}

/** How the log is opened; one that is open already has its own. */
function readLogOptions({database, spool, patience}: MonitorOptions) {
  const [other] = Object.entries({spool, patience}).filter(([, value]) => value !== undefined)
  if (other && typeof database !== 'string') {
    throw new RangeError(`${other[0]}: the log is open already; give it to openLog`)
  }
  if (spool !== undefined && spool !== false && (typeof spool !== 'string' || spool === ''))
    throw wrong('spool', 'the path of a folder or false', spool)
  if (patience !== undefined) checkWhole('patience', patience, 1)
  return {spool, patience}
}

function checkJson(option: string, value: unknown): unknown {
  try {
    if (JSON.stringify(value) !== undefined) return value
  } catch {
    // said below
  }
  throw wrong(option, 'what JSON can hold', value)
}

function readMethods(given: unknown): Method[] {
  const list = checkList('methods', given).map((method) => oneOf('methods', method, methods))
  checkDistinct('methods', list)
  return list
}

function readCountings(given: unknown): Counting[] {
  const list = checkList('countings', given).map((way) => oneOf('countings', way, countings))
  checkDistinct('countings', list)
  return list
}

function readNorms(given: unknown): Norm[] {
  const list = checkList('norms', given)
  const read = list.map((norm) => (norm === 2 ? 'l2' : oneOf('norms', norm, norms)))
  checkDistinct('norms', read)
  return read
}

/** Whether something is measured in balls. */
function needsRadii({core}: Measures): boolean {
  return [...core].some((name) => name !== 'distance')
}

function notEmpty<T>(option: string, list: readonly T[], isNeeded: boolean): readonly T[] {
  if (list.length || !isNeeded) return list
  throw new RangeError(
    `${option}: expected at least one, got []; or leave its measure out of measures`,
  )
}

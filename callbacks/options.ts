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
import {isDatasetSource} from './dataset-source.js'
import {readGroups} from './groups/index.js'
import {type Measures, readMeasures} from './measures/index.js'
import type {MonitorOptions} from './monitor-options.js'
import {readRadii} from './radii.js'
import {readSchedule} from './schedule.js'

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

import * as tf from '@tensorflow/tfjs'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {linearRegionMonitor} from '../../callbacks/index.js'
import type {MonitorOptions} from '../../callbacks/monitor-options.js'
import {readOptions} from '../../callbacks/options.js'
import {memoryLog, throwsWith} from './fixture.js'

const data = [[0, 1]]

test('the defaults are those of the documentation', () => {
  const settings = readOptions({data})
  assert.is(settings.database, 'linear-regions.db')
  assert.is(settings.run, 'run')
  assert.is(settings.keep, 10_000)
  assert.is(settings.points, 128)
  assert.equal(
    settings.groups.map(({name}) => name),
    ['train', 'uniform'],
  )
  assert.is(settings.resample, true)
  assert.equal(
    settings.radii.map(({text}) => text),
    ['median-pair*0.001', 'median-pair*0.003', 'median-pair*0.01'],
  )
  assert.equal(settings.methods, ['spectral', 'combined'])
  assert.equal(settings.norms, ['l2'])
  assert.equal([...settings.measures.core], ['distance', 'bound'])
  assert.is(settings.schedule.at, 'epoch')
  assert.ok(settings.schedule.isDue({step: 3, epoch: 1}))
  assert.is(settings.seed, 1)
  assert.is(settings.onError, 'warn')
  assert.is(settings.resume, 'never')
  assert.is(settings.budgetMs, undefined)
  assert.is(settings.memory, 512 * 2 ** 20)
  assert.is(settings.keepInputs, false)
})

test('undefined stands for the default', () => {
  const options = {data, points: undefined, every: undefined} as unknown as MonitorOptions
  assert.is(readOptions(options).points, 128)
})

test('norm 2 is l2, a log may stand for its path, a seed may be negative', () => {
  const log = memoryLog()
  const settings = readOptions({data, norms: [2], database: log, seed: -7})
  assert.equal(settings.norms, ['l2'])
  assert.is(settings.database, log)
  assert.is(settings.seed, -7)
})

test('what a measure needs may be empty where the measure is left out', () => {
  readOptions({data, measures: ['distance'], radii: [], methods: []})
  readOptions({data, measures: ['bound'], norms: []})
})

const circle: Record<string, unknown> = {}
circle.self = circle
const own = {name: 'own', unit: 'one', measure: () => [0]}
const bad: [Record<string, unknown>, string][] = [
  [
    {data: undefined},
    'data: expected a tensor, an array, a tf.data dataset or a function that makes one, got undefined',
  ],
  [
    {data: null},
    'data: expected a tensor, an array, a tf.data dataset or a function that makes one, got null',
  ],
  [
    {data: 'train.csv'},
    'data: expected a tensor, an array, a tf.data dataset or a function that makes one, got "train.csv"',
  ],
  [
    {data: {xs: []}},
    'data: expected a tensor, an array, a tf.data dataset or a function that makes one, got {"xs":[]}',
  ],
  [
    {testData: 3},
    'testData: expected a tensor, an array, a tf.data dataset or a function that makes one, got 3',
  ],
  [{testLabels: [1]}, 'testLabels: expected testData too'],
  [{keep: 0}, 'keep: expected a whole number of at least 1, got 0'],
  [{database: ''}, 'database: expected a path or a log made by openLog, got ""'],
  [{database: 3}, 'database: expected a path or a log made by openLog, got 3'],
  [{database: {path: 'x'}}, 'database: expected a path or a log made by openLog, got {"path":"x"}'],
  [{spool: ''}, 'spool: expected the path of a folder or false, got ""'],
  [{spool: true}, 'spool: expected the path of a folder or false, got true'],
  [{patience: 0}, 'patience: expected a whole number of at least 1, got 0'],
  [{patience: 0.5}, 'patience: expected a whole number of at least 1, got 0.5'],
  [
    {database: memoryLog(), patience: 2000},
    'patience: the log is open already; give it to openLog',
  ],
  [{database: memoryLog(), spool: false}, 'spool: the log is open already; give it to openLog'],
  [{run: ''}, 'run: expected a text that is not empty, got ""'],
  [{run: 3}, 'run: expected a text that is not empty, got 3'],
  [{config: circle}, 'config: expected what JSON can hold'],
  [{config: () => 1}, 'config: expected what JSON can hold, got a function'],
  [{points: 0}, 'points: expected a whole number of at least 1, got 0'],
  [{points: 1.5}, 'points: expected a whole number of at least 1, got 1.5'],
  [{points: '8'}, 'points: expected a whole number of at least 1, got "8"'],
  [{points: Number.NaN}, 'points: expected a whole number of at least 1, got NaN'],
  [{groups: ['trian']}, 'groups: "trian" is no group'],
  [{groups: ['test']}, "groups: 'test' draws from testData"],
  [{resample: 1}, 'resample: expected true or false, got 1'],
  [{radii: [0]}, 'radii: expected a number above 0, got 0'],
  [{radii: [-1]}, 'radii: expected a number above 0, got -1'],
  [{radii: [Number.NaN]}, 'radii: expected a number above 0, got NaN'],
  [{radii: []}, 'radii: expected at least one, got []'],
  [{methods: ['crwon']}, `methods: expected one of 'spectral', 'interval', 'crown', 'combined'`],
  [{methods: 'crown'}, 'methods: expected an array, got "crown"'],
  [{methods: []}, 'methods: expected at least one, got []'],
  [{methods: ['crown', 'crown']}, 'methods: "crown" is given twice'],
  [{norms: ['l3']}, 'norms: expected one of'],
  [{norms: []}, 'norms: expected at least one, got []'],
  [{norms: ['l2', 2]}, 'norms: "l2" is given twice'],
  [
    {measures: ['regions']},
    `measures: expected 'distance', 'bound', 'witnessed', 'patterns', 'local-complexity' or {name`,
  ],
  [{measures: []}, 'measures: expected at least one measure, got []'],
  [{measures: ['bound', 'bound']}, 'measures: "bound" is given twice'],
  [{measures: [own, own]}, 'measures: "own" is given twice'],
  [{measures: [{...own, name: 'bound'}]}, `measures: "bound" is a built-in measure's name`],
  [{measures: [{...own, name: 'predicted'}]}, `measures: "predicted" is a built-in measure's name`],
  [{measures: [{...own, unit: undefined}]}, 'measures: unit of "own": expected a text'],
  [{measures: [{name: 'own', unit: 'one'}]}, 'measures: expected names or {name, unit, measure}'],
  [{every: 0}, 'every: expected a whole number of at least 1, got 0'],
  [{every: {batches: 0}}, 'every.batches: expected a whole number of at least 1, got 0'],
  [{seed: 0.5}, 'seed: expected a whole number, got'],
  [{seed: 'a'}, 'seed: expected a whole number, got'],
  [{onError: 'ignore'}, `onError: expected one of 'warn', 'throw', got "ignore"`],
  [{resume: true}, `resume: expected one of 'never', 'allow', 'must', got true`],
  [
    {resume: 'allow', database: {startRun() {}, writeSnapshot() {}}},
    'resume: allow needs a path or a log made by openLog, got another log',
  ],
  [{runId: 'x'}, "runId: names the run to go on with; give resume: 'must' too"],
  [{runId: '', resume: 'must'}, 'runId: expected a text that is not empty'],
  [{budgetMs: 0}, 'budgetMs: expected a number above 0, got 0'],
  [{countings: ['all']}, "countings: expected one of 'product', 'flats', got \"all\""],
  [{countings: 'flats'}, 'countings: expected an array'],
  [{countings: ['flats', 'flats']}, 'countings:'],
  [{countings: []}, 'countings: expected at least one'],
  [{memory: 1}, 'memory: expected at least 1048576 bytes'],
  [{keepInputs: 'yes'}, 'keepInputs: expected true or false, got "yes"'],
  [{environment: () => 1}, 'environment: expected what JSON can hold'],
  [{point: 8}, 'point: is no option; expected budgetMs, config, countings, data,'],
]
for (const [changes, message] of bad) {
  test(`${message} is said at once`, () => {
    const options = {data, ...changes} as unknown as MonitorOptions
    throwsWith(() => linearRegionMonitor(options), message)
  })
}

test('options must be an object', () => {
  throwsWith(() => linearRegionMonitor(null as never), 'options: expected {data, ...}, got null')
  throwsWith(() => linearRegionMonitor(undefined as never), 'options: expected {data, ...}')
})

test('checking the options makes no tensor', () => {
  const xs = tf.tensor2d([[1, 2]])
  const before = tf.memory().numTensors
  linearRegionMonitor({data: xs})
  assert.is(tf.memory().numTensors, before)
  xs.dispose()
})

test.run()

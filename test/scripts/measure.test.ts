import {join} from 'node:path'
import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {loadImages} from '../../scripts/data/load.js'
import {buildMlp} from '../../scripts/experiments/network.js'
import {planRuns} from '../../scripts/plan-runs.js'
import {distanceToBoundary} from '../../src/distance-to-boundary.js'
import {readNetwork} from '../../src/read-network.js'
import {openLog} from '../../storage/log.js'
import {temporaryFolder} from '../support/folder.js'
import {near} from '../support/near.js'
import {runCaptured} from './capture.js'
import {saveModel} from './save-model.js'

const test = suite('measure')
const folder = temporaryFolder()
const database = join(folder, 'runs.db')
const path = (name: string) => join(folder, name)
const build = (seed: number, width = 12) =>
  buildMlp({inputs: 784, width, depth: 2, classes: 10, seed})
const measure = (...words: string[]) =>
  runCaptured([
    ...['measure', '--backend', 'cpu', '--points', '8', '--radii', '0.1'],
    ...['--database', database, ...words],
  ])

test.before(async () => {
  for (const seed of [1, 2, 3]) await saveModel(build(seed), path(`model-${seed}`))
  await saveModel(build(4, 7), path('narrow'))
  const other = tf.sequential({layers: [tf.layers.dense({units: 3, inputShape: [5]})]})
  await saveModel(other, path('other'))
})

test('each model is a run of its own with the numbers of the library', async () => {
  const models = [path('model-1'), path('model-2/model.json')]
  const {code, stdout, stderr} = await measure('--model', ...models)
  assert.is(code, 0, stderr)
  assert.match(stdout, /distance l2/)
  assert.match(stdout, /log2 bound combined flats 0\.1/)
  const log = await openLog(database, {readonly: true})
  try {
    const runs = await log.db.selectFrom('runs').selectAll().orderBy('started_at').execute()
    assert.equal(
      runs.map(({name, status, backend}) => [name, status, backend]),
      models.map((model) => [model, 'finished', 'cpu']),
    )
    assert.is(JSON.parse(runs[0]!.environment as string).refused.length, 4)
    assert.is(JSON.parse(runs[0]!.argv as string)[1], 'measure')
    const rows = await log.db
      .selectFrom('distances')
      .innerJoin('points', (join_) =>
        join_
          .onRef('points.snapshot_id', '=', 'distances.snapshot_id')
          .onRef('points.point', '=', 'distances.point'),
      )
      .innerJoin('snapshots', 'snapshots.id', 'points.snapshot_id')
      .select(['points.origin_index', 'points.label', 'distances.distance'])
      .where('snapshots.run_id', '=', runs[1]!.id)
      .where('points.point_group', '=', 'train')
      .execute()
    assert.is(rows.length, 8)
    const {images, labels} = loadImages().train
    const points = rows.map(({origin_index: index}) => [
      ...images.subarray(index! * 784, (index! + 1) * 784),
    ])
    const {distance} = await distanceToBoundary(readNetwork(build(2)), points)
    near(
      rows.map((row) => row.distance),
      distance,
      {relative: 1e-5},
    )
    assert.equal(
      rows.map(({label}) => label),
      rows.map(({origin_index: index}) => labels[index!]),
    )
  } finally {
    await log.close()
  }
})

test('checkpoints are one run, at the steps that were given', async () => {
  const models = [1, 2, 3].map((seed) => path(`model-${seed}`))
  const series = ['--steps', '0,63,126', '--epochs', '0,1,2', '--run', 'afterwards']
  const {code, stderr} = await measure('--model', ...models, ...series)
  assert.is(code, 0, stderr)
  const log = await openLog(database, {readonly: true})
  try {
    const moments = await log.db
      .selectFrom('timeline')
      .select(['step', 'epoch', 'status', 'run_status'])
      .where('run', '=', 'afterwards')
      .orderBy('step')
      .execute()
    assert.equal(
      moments.map(({step, epoch, status, run_status}) => [step, epoch, status, run_status]),
      [0, 63, 126].map((step, epoch) => [step, epoch, 'complete', 'finished']),
    )
  } finally {
    await log.close()
  }
})

test('wrong use is refused in words', async () => {
  const one = ['--model', path('model-1')]
  const cases: [words: string[], message: RegExp][] = [
    [[...one, '--groups', 'trian'], /groups: "trian" is no group; expected 'train'/],
    [[...one, '--methods', 'magic'], /methods: expected one of 'spectral'.*got "magic"/],
    [[...one, '--radii', '0'], /radii: expected a number above 0, got 0/],
    [[...one, '--steps', '1,2'], /steps: expected one for each of 1 models, got 2/],
    [['--model', path('other')], /data: expected images that fill the input \[5\] of .*other, got/],
    [[...one, '--data', path('nowhere')], /data: expected a folder of IDX files, got/],
  ]
  for (const [words, message] of cases) {
    const {code, stderr} = await measure(...words)
    assert.match(stderr, message)
    assert.is(code, 2, stderr)
  }
})

test('what fails leaves its run closed, and the message names the file', async () => {
  const {code, stderr} = await measure('--model', path('nothing'))
  assert.is(code, 1)
  assert.match(stderr, /^[\s\S]*linear-regions: model: expected a model\.json or its folder, got/)
  const series = [path('model-1'), path('narrow'), '--steps', '0,1', '--run', 'mixed']
  const mixed = await measure('--model', ...series)
  assert.match(mixed.stderr, /model: expected the network that this monitor has followed so far/)
  const log = await openLog(database, {readonly: true})
  try {
    const open = await log.db.selectFrom('runs').select(['name', 'status', 'error']).execute()
    assert.is(open.find(({name}) => name === 'mixed')?.status, 'failed')
    assert.not(open.some(({status}) => status === 'running'))
  } finally {
    await log.close()
  }
})

test('an interruption closes the run as failed', async () => {
  const interruption = new AbortController()
  interruption.abort(new Error('interrupted'))
  const {code, stderr} = await runCaptured(
    ['measure', '--backend', 'cpu', '--database', database, '--model', path('model-1')],
    {signal: interruption.signal},
  )
  assert.is(code, 1)
  assert.match(stderr, /linear-regions: interrupted\n$/)
})

test('models become runs: a run each, or checkpoints', () => {
  const none = {run: undefined, steps: undefined, epochs: undefined}
  assert.equal(planRuns({...none, model: ['a', 'b']}), [
    {name: 'a', checkpoints: [{path: 'a', step: 0, epoch: 0}]},
    {name: 'b', checkpoints: [{path: 'b', step: 0, epoch: 0}]},
  ])
  assert.equal(planRuns({...none, model: ['a'], run: 'r'})[0]!.name, 'r')
  assert.equal(planRuns({...none, model: ['a', 'b'], steps: [5, 9]}), [
    {
      name: 'checkpoints',
      checkpoints: [
        {path: 'a', step: 5, epoch: 0},
        {path: 'b', step: 9, epoch: 1},
      ],
    },
  ])
  const wrong: [Partial<Parameters<typeof planRuns>[0]>, RegExp][] = [
    [{run: 'r'}, /^run: expected none for 2 models/],
    [{steps: [3, 3]}, /^steps: expected numbers that rise, got 3 after 3/],
    [{steps: [3, 4], epochs: [1]}, /^epochs: expected one for each of 2 models, got 1/],
    [{epochs: [1, 2]}, /^epochs: expected --steps too/],
  ]
  for (const [options, message] of wrong) {
    assert.throws(() => planRuns({...none, model: ['a', 'b'], ...options}), message)
  }
})

test.run()

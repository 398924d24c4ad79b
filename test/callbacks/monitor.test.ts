import {join} from 'node:path'
import * as tf from '@tensorflow/tfjs'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {linearRegionMonitor, logSpaced, type MonitorOptions} from '../../callbacks/index.js'
import {openLog} from '../../storage/index.js'
import {temporaryFolder} from '../support/folder.js'
import {rejects} from '../support/rejects.js'
import {keepsTensors} from '../support/tensors.js'
import {type MemoryLog, memoryLog, smallData, smallModel, warningsOf} from './fixture.js'

const {xs, ys, values, labels} = smallData()
const quick = {points: 3, groups: ['train'], radii: [0.1], methods: ['interval']} as const
const watch = (options: Partial<MonitorOptions> = {}, log: MemoryLog = memoryLog()) => {
  const monitor = linearRegionMonitor({data: xs, database: log, ...quick, ...options})
  return {monitor, log, steps: () => log.snapshots.map(({step}) => step)}
}
const epochsOf = ({snapshots}: MemoryLog) => snapshots.map(({epoch}) => epoch)
/** Batches of 8: 3 updates an epoch. */
const fit = (model: tf.LayersModel, callbacks: tf.ModelFitArgs['callbacks'], changes = {}) =>
  model.fit(xs, ys, {epochs: 2, batchSize: 8, verbose: 0, callbacks: callbacks!, ...changes})

for (const [name, every, expected] of [
  ['every epoch', 1, [0, 3, 6, 9, 12]],
  ['every second epoch', 2, [0, 6, 12]],
  ['every fifth batch', {batches: 5}, [0, 5, 10]],
  ['chosen steps', {steps: [1, 2, 7, 90]}, [0, 1, 2, 7]],
  ['log-spaced steps', logSpaced(1, 12, 4), [0, 1, 2, 5, 12]],
  ['when a function says so', {when: ({epoch}) => epoch === 3}, [0, 9]],
  [
    'when a function says so, by batch',
    {when: ({step}) => step % 4 === 1, at: 'batch'},
    [0, 1, 5, 9],
  ],
] as [string, MonitorOptions['every'], number[]][])
  test(`${name}: snapshots at ${expected}`, async () => {
    const {monitor, log, steps} = watch({every: every!})
    await fit(smallModel(), [monitor], {epochs: 4})
    assert.equal(steps(), expected)
    assert.ok(log.snapshots.every(({status}) => status === 'complete'))
    assert.equal(
      epochsOf(log),
      expected.map((step) => step / 3),
    )
  })

test('batch hooks are there only if the schedule needs them', async () => {
  const hooks = (every: MonitorOptions['every']) => {
    const {monitor} = watch({every: every!})
    return [typeof monitor.onBatchBegin, typeof monitor.onBatchEnd]
  }
  assert.equal(hooks(1), ['undefined', 'undefined'])
  assert.equal(hooks({when: () => true}), ['undefined', 'undefined'])
  for (const every of [{batches: 2}, {steps: [1]}, {when: () => true, at: 'batch' as const}])
    assert.equal(hooks(every), ['undefined', 'function'])
})

test('the first snapshot is the network before its first batch', async () => {
  const model = smallModel()
  const weights = () => model.getWeights().map((weight) => [...weight.dataSync()])
  const before = weights()
  let seen: number[][] | undefined
  const {monitor} = watch({
    measures: [
      {
        name: 'weights',
        unit: 'one',
        measure: () => {
          seen ??= weights()
          return [0, 0, 0]
        },
      },
    ],
  })
  await fit(model, [monitor])
  assert.equal(seen, before)
  assert.not.equal(weights(), before)
})

test('snapshots carry the loss and the metrics of their epoch or batch, and times', async () => {
  const {monitor, log} = watch()
  const {history} = await fit(smallModel(), [monitor], {validationSplit: 0.5})
  const [first, ...others] = log.snapshots
  assert.equal([first!.loss ?? null, first!.lossScope ?? null, first!.trainMs], [null, null, null])
  assert.equal(
    others.map(({loss}) => loss),
    history.loss,
  )
  assert.equal(
    others.map(({metrics}) => metrics),
    [0, 1].map((epoch) => ({
      acc: history.acc![epoch],
      val_loss: history.val_loss![epoch],
      val_acc: history.val_acc![epoch],
    })),
  )
  assert.ok(others.every(({lossScope, trainMs}) => lossScope === 'epoch' && trainMs! > 0))
  assert.ok(log.snapshots.every(({measureMs}) => measureMs! > 0))
  const batchwise = watch({every: {batches: 3}})
  await fit(smallModel(), [batchwise.monitor])
  assert.ok(batchwise.log.snapshots.slice(1).every(({lossScope}) => lossScope === 'batch'))
})

test('the run says what was measured, of which network, where', async () => {
  const own = {name: 'own', unit: 'bits', measure: () => [1, 2, 3]}
  const {monitor, log} = watch({
    labels,
    run: 'small',
    seed: 4,
    config: {rate: 0.1},
    measures: ['distance', 'bound', own],
    environment: {device: 'a toaster', refused: []},
  })
  await fit(smallModel(), [monitor])
  assert.equal(log.runs, [
    {
      name: 'small',
      seed: 4,
      config: {rate: 0.1},
      environment: {
        ...{device: 'a toaster', refused: []},
        ...{roundoff: 2 ** -24, float64: 'host', roundTrip: 0},
      },
      model: {
        layers: [{name: 'hidden', className: 'Dense', units: 6, kinks: 1}],
        widths: [4, 6],
        parameters: 51,
        inputShape: [4],
      },
      measures: [
        {name: 'distance', unit: 'input units'},
        {name: 'bound', unit: 'log2 regions'},
        {name: 'own', unit: 'bits'},
        {name: 'predicted', unit: 'class'},
      ],
      backend: 'cpu',
      device: 'a toaster',
      tfjsVersion: tf.version.tfjs,
    },
  ])
  assert.is(monitor.runId, 'run-1')
  assert.is(log.calls.filter((call) => call === 'heartbeat').length, 2)
  assert.is(log.calls.at(-1), 'finished')
})

/** Runs `work` with a clock of milliseconds that only \`pass\` moves. */
async function withClock(work: (pass: (seconds: number) => void) => Promise<unknown>) {
  const {now} = performance
  let clock = 0
  performance.now = () => clock
  try {
    await work((seconds) => {
      clock += 1000 * seconds
    })
  } finally {
    performance.now = now
  }
}

for (const every of [1, {batches: 100}])
  test(`an epoch that lasts long gives signs of life (every: ${JSON.stringify(every)})`, () =>
    withClock(async (pass) => {
      const {monitor, log} = watch({every})
      const slow = new tf.CustomCallback({onBatchEnd: async () => pass(40)})
      await fit(smallModel(), [slow, monitor], {epochs: 1, batchSize: 4})
      // 6 batches of 40 s: a sign after each second one, and one at the end of the epoch
      assert.is(log.calls.filter((call) => call === 'heartbeat').length, 4)
    }))

test('and so does measuring that lasts long; neither waits for the log', () =>
  withClock(async (pass) => {
    const order: string[] = []
    let answer = () => {}
    const slowly = (name: string) => ({
      name,
      unit: 'one',
      measure: () => {
        pass(70)
        order.push(name)
        if (name === 'c') answer()
        return [0, 0, 0]
      },
    })
    const {monitor, log} = watch({measures: ['a', 'b', 'c'].map(slowly)})
    log.heartbeat = () => {
      order.push('sign')
      return new Promise<void>((resolve) => {
        answer = resolve
      })
    }
    const model = smallModel()
    monitor.setModel(model)
    const {status} = await monitor.measure({step: 0, epoch: 0})
    assert.is(status, 'complete')
    assert.equal(order, ['a', 'sign', 'b', 'c'])
    await monitor.finish()
  }))

test('waiting for the log at the end of an epoch is no training', () =>
  withClock(async (pass) => {
    const {monitor, log} = watch()
    const {heartbeat} = log
    log.heartbeat = async (runId) => {
      pass(60)
      await heartbeat(runId)
    }
    const slow = new tf.CustomCallback({onBatchEnd: async () => pass(1)})
    await fit(smallModel(), [slow, monitor])
    assert.equal(
      log.snapshots.map(({trainMs}) => trainMs),
      [null, 3000, 3000],
    )
  }))

test('fit called again in a loop is one run that goes on', async () => {
  const {monitor, log, steps} = watch()
  const model = smallModel()
  for (let round = 0; round < 3; round++) await fit(model, [monitor], {epochs: 1})
  assert.equal(steps(), [0, 3, 6, 9])
  assert.equal(epochsOf(log), [0, 1, 2, 3])
  assert.is(log.runs.length, 1)
  assert.equal(
    log.calls.filter((call) => call !== 'writeSnapshot' && call !== 'heartbeat'),
    ['startRun', 'finished', 'reopen', 'finished', 'reopen', 'finished'],
  )
})

test('initialEpoch numbers the epochs; updates between two fits count', async () => {
  const {monitor, log, steps} = watch()
  const model = smallModel()
  await fit(model, [monitor], {initialEpoch: 5, epochs: 6})
  await fit(model, [], {epochs: 1})
  await fit(model, [monitor], {initialEpoch: 6, epochs: 7})
  assert.equal(steps(), [0, 3, 9])
  assert.equal(epochsOf(log), [5, 6, 7])
})

test('a model that was trained before begins at step 0, and compile does not set it back', async () => {
  const {monitor, steps} = watch()
  const model = smallModel()
  await fit(model, [])
  await fit(model, [monitor])
  model.compile({optimizer: 'adam', loss: 'categoricalCrossentropy'})
  await fit(model, [monitor])
  assert.equal(steps(), [0, 3, 6, 9, 12])
})

const dataset = () =>
  tf.data.zip({xs: tf.data.array(values), ys: tf.data.array(ys.arraySync() as number[][])}).batch(8)

for (const [name, every, changes, expected] of [
  ['epochs', 1, {}, [0, 3, 6]],
  ['batches', {batches: 2}, {}, [0, 2, 4, 6]],
  ['batches of batchesPerEpoch', {batches: 2}, {batchesPerEpoch: 1, epochs: 3}, [0, 2]],
] as [string, MonitorOptions['every'], object, number[]][])
  test(`fitDataset: ${name}`, async () => {
    const {monitor, log, steps} = watch({every: every!})
    await smallModel().fitDataset(dataset(), {
      epochs: 2,
      verbose: 0,
      callbacks: [monitor],
      ...changes,
    })
    assert.equal(steps(), expected)
    assert.is(log.snapshots.at(-1)!.epoch, 2)
  })

test('fitDataset with initialEpoch: the first snapshot has that epoch', async () => {
  const {monitor, log} = watch()
  const changes = {initialEpoch: 3, epochs: 4, verbose: 0 as const}
  await smallModel().fitDataset(dataset(), {...changes, callbacks: [monitor]})
  assert.equal(epochsOf(log), [3, 4])
})

test('data and labels may come from a dataset of their own', async () => {
  const {monitor, log} = watch({data: dataset(), keep: 10})
  await keepsTensors(async () => {
    const model = smallModel()
    await model.fitDataset(dataset(), {epochs: 1, verbose: 0, callbacks: [monitor]})
    model.dispose()
  })
  assert.ok(log.snapshots[0]!.points.every(({originIndex, label}) => label === originIndex! % 3))
  assert.is(log.snapshots[0]!.measurements[0]!.measure, 'predicted')
})

for (const [name, options, taken] of [
  ['data', {data: values.slice(0, 10)}, {train: 10, uniform: 10}],
  ['testData', {testData: values.slice(0, 5), groups: ['train', 'test']}, {train: 5, test: 5}],
  ['testData of no group', {testData: values.slice(0, 5)}, {train: 24, uniform: 24}],
] as [string, Partial<MonitorOptions>, Record<string, number>][])
  test(`where nothing is said of points, there are as many as ${name} has`, async () => {
    const log = memoryLog()
    const {groups: _, points: __, ...rest} = quick
    const monitor = linearRegionMonitor({data: xs, database: log, ...rest, ...options})
    await fit(smallModel(), [monitor], {epochs: 1})
    const counts: Record<string, number> = {}
    for (const {group} of log.snapshots[0]!.points) counts[group] = (counts[group] ?? 0) + 1
    assert.equal(counts, taken)
  })

test('a training that stops early is counted as far as it came', async () => {
  const {monitor, log, steps} = watch()
  const model = smallModel()
  const stop = new tf.CustomCallback({
    onBatchEnd: async (batch) => {
      if (batch === 1) model.stopTraining = true
    },
  })
  await fit(model, [stop, monitor])
  assert.equal(steps(), [0, 2])
  assert.is(log.calls.at(-1), 'finished')
})

test("a training loop of one's own", async () => {
  const model = smallModel()
  const {monitor, log, steps} = watch({model})
  const optimizer = tf.train.sgd(0.1)
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
  await monitor.measure({step: 0, epoch: 0})
  await keepsTensors(async () => {
    for (let step = 1; step <= 3; step++) {
      const loss = optimizer.minimize(
        () => tf.losses.softmaxCrossEntropy(ys, model.apply(xs) as tf.Tensor) as tf.Scalar,
        true,
        variables,
      )!
      const snapshot = await monitor.measure({step, epoch: step / 3, loss, metrics: {rate: 0.1}})
      assert.is(snapshot.status, 'complete')
      assert.is(snapshot.loss, loss.dataSync()[0])
      loss.dispose()
    }
  })
  await monitor.finish()
  assert.equal(steps(), [0, 1, 2, 3])
  assert.equal(log.snapshots[0]!.loss, null)
  assert.equal(log.snapshots[1]!.metrics, {rate: 0.1})
  assert.is(log.snapshots[1]!.lossScope, 'batch')
  assert.is(log.runs.length, 1)
  assert.equal(log.calls.at(-1), 'finished')
})

test('some of the measures at some of the snapshots', async () => {
  const own = (name: string) => ({
    name,
    unit: 'units',
    measure: ({labels}: {labels: readonly unknown[]}) => labels.map(() => 1),
  })
  const {monitor, log} = watch({
    model: smallModel(),
    measures: ['distance', 'bound', 'witnessed', own('first'), own('second')],
  })
  await monitor.measure({step: 0, epoch: 0})
  await monitor.measure({step: 1, epoch: 1, measures: ['distance', 'second']})
  await monitor.measure({step: 2, epoch: 2, measures: []})
  const taken = log.snapshots.map(({distances, bounds, measurements = []}) => [
    distances.length > 0,
    bounds.length > 0,
    [...new Set(measurements.map(({measure}) => measure))],
  ])
  assert.equal(taken, [
    [true, true, ['witnessed', 'first', 'second']],
    [true, false, ['second']],
    [false, false, []],
  ])
  assert.ok(log.snapshots.every(({status}) => status === 'complete'))
  await rejects(
    monitor.measure({step: 3, epoch: 3, measures: ['patterns']}),
    "measure: measures: expected some of the run's: distance, bound, witnessed, first, second, got",
  )
  await monitor.finish()
})

test('measure wants a step and an epoch, and a model', async () => {
  const {monitor} = watch({model: smallModel()})
  await rejects(monitor.measure({step: -1, epoch: 0}), 'measure: step: expected a whole number')
  await rejects(monitor.measure({step: 0.5, epoch: 0}), 'measure: step: expected a whole number')
  await rejects(monitor.measure({step: 0, epoch: Number.NaN}), 'measure: epoch: expected')
  await rejects(monitor.measure({} as never), 'measure: step: expected')
  await rejects(monitor.measure(undefined as never), 'measure: expected {step, epoch, ...}, got')
  const misspelt = {step: 0, epoch: 0, measure: ['distance']}
  await rejects(monitor.measure(misspelt), 'measure: is no option; expected step, epoch, loss')
  await rejects(
    watch().monitor.measure({step: 0, epoch: 0}),
    /^model: measure needs the model, of which no fit has told this monitor; give the option model$/,
  )
})

test('finish closes a run as failed where there is an error, and only once', async () => {
  const {monitor, log} = watch({model: smallModel()})
  await monitor.finish()
  assert.equal(log.calls, [])
  await monitor.measure({step: 0, epoch: 0})
  await monitor.finish(new Error('interrupted'))
  await monitor.finish()
  assert.equal(log.calls.slice(-1), ['failed: interrupted'])
})

test('measure is refused once the run has ended, also without waiting for its end', async () => {
  const ended = /^measure: the run has ended, with finish or with fit; measure before that, or/
  const {monitor, log} = watch({model: smallModel()})
  await monitor.measure({step: 0, epoch: 0})
  const finishing = monitor.finish()
  await rejects(monitor.measure({step: 1, epoch: 1}), ended)
  await finishing
  await rejects(monitor.measure({step: 2, epoch: 2}), ended)
  assert.equal(log.calls, ['startRun', 'writeSnapshot', 'finished'])
  const fitting = watch()
  const model = smallModel()
  await fit(model, [fitting.monitor], {epochs: 1})
  await rejects(fitting.monitor.measure({step: 9, epoch: 3}), ended)
  await fit(model, [fitting.monitor], {epochs: 1})
  assert.equal(fitting.steps(), [0, 3, 6])
  assert.is(fitting.log.calls.at(-1), 'finished')
})

test('a fit that throws leaves the run open, until finish is told why', async () => {
  const {monitor, log} = watch()
  const bad = new tf.CustomCallback({onEpochEnd: () => Promise.reject(new Error('disk full'))})
  const error = await rejects(fit(smallModel(), [monitor, bad]), 'disk full')
  assert.not(log.calls.includes('finished'))
  await monitor.finish(error)
  assert.is(log.calls.at(-1), 'failed: disk full')
})

test('a fit that throws is no finished run, also where finish is not told why', async () => {
  const {monitor, log} = watch()
  const model = smallModel()
  const bad = new tf.CustomCallback({onEpochEnd: () => Promise.reject(new Error('disk full'))})
  await rejects(fit(model, [monitor, bad]), 'disk full')
  await monitor.finish()
  assert.is(log.calls.at(-1), 'failed: fit was broken off')
  await fit(model, [monitor])
  await monitor.finish()
  assert.is(log.calls.at(-1), 'finished')
})

test('finish while fit goes on, or after another fit, finishes the run', async () => {
  const during = watch()
  const early = new tf.CustomCallback({
    onEpochEnd: async (epoch) => {
      if (epoch === 1) await during.monitor.finish()
    },
  })
  await fit(smallModel(), [during.monitor, early])
  assert.is(during.log.calls.at(-1), 'finished')
  const again = watch()
  const model = smallModel()
  const bad = new tf.CustomCallback({onEpochEnd: () => Promise.reject(new Error('disk full'))})
  await rejects(fit(model, [again.monitor, bad]), 'disk full')
  await fit(model, [again.monitor])
  assert.is(again.log.calls.at(-1), 'finished')
})

test('an unfinished run is taken up again where initialEpoch says', async () => {
  const database = join(temporaryFolder(), 'runs.db')
  const options = {data: xs, database, ...quick} as const
  const first = linearRegionMonitor(options)
  await fit(smallModel(), [first], {epochs: 4})
  const gone = linearRegionMonitor({...options, resume: 'must'})
  await rejects(fit(smallModel(), [gone]), 'no unfinished run')
  const second = linearRegionMonitor({...options, resume: 'must', runId: first.runId!})
  await fit(smallModel(), [second], {initialEpoch: 2, epochs: 4, batchSize: 4})
  const log = await openLog(database, {readonly: true})
  const rows = await log.db
    .selectFrom('timeline')
    .select(['run_id', 'step', 'epoch'])
    .orderBy('step')
    .execute()
  await log.close()
  assert.ok(rows.every((row) => row.run_id === first.runId))
  assert.equal(
    rows.map(({step, epoch}) => [step, epoch]),
    [
      [0, 0],
      [3, 1],
      [6, 2],
      [12, 3],
      [18, 4],
    ],
  )
})

/** A training that was broken off after two epochs, at step 6, and how to go on with its run. */
async function brokenOff() {
  const database = join(temporaryFolder(), 'runs.db')
  const options = {data: xs, database, ...quick}
  const first = linearRegionMonitor(options)
  const model = smallModel()
  await rejects(
    fit(model, [first, new tf.CustomCallback({onEpochEnd: (epoch) => stopAfter(epoch, 1)})]),
    'out of power',
  )
  await first.finish('out of power')
  const rows = async () => {
    const log = await openLog(database, {readonly: true})
    const found = await log.db
      .selectFrom('timeline')
      .selectAll()
      .orderBy('step')
      .execute()
      .finally(log.close)
    return found
  }
  return {model, rows, options: {...options, resume: 'allow'} as const}
}

function stopAfter(epoch: number, last: number) {
  if (epoch === last) throw new Error('out of power')
}

test('a network that begins anew does not go on with the run of a trained one', async () => {
  const {options, rows} = await brokenOff()
  const before = await rows()
  assert.equal(
    before.map(({step}) => step),
    [0, 3, 6],
  )
  for (const resume of ['allow', 'must'] as const) {
    const monitor = linearRegionMonitor({...options, resume})
    await rejects(
      fit(smallModel(), [monitor]),
      /^resume: run "run" \(.*\) has come to step 6, and this network has made no update; .* initialEpoch/,
    )
  }
  assert.equal(await rows(), before)
})

test('a network that was trained on, or whose epoch is said, goes on', async () => {
  const {options, model, rows} = await brokenOff()
  const stepsAfter = async (network: tf.LayersModel, changes = {}) => {
    const monitor = linearRegionMonitor(options)
    await fit(network, [monitor], changes)
    // to be resumed again
    const log = await openLog(options.database)
    await log.finishRun(monitor.runId!, 'failed')
    await log.close()
    return (await rows()).map(({step}) => step)
  }
  assert.equal(await stepsAfter(model), [0, 3, 6, 9, 12])
  const said: number[] = []
  const warnings = await warningsOf(async () => {
    said.push(...(await stepsAfter(smallModel(), {initialEpoch: 3, epochs: 4})))
  })
  assert.equal(said, [0, 3, 6, 9, 12])
  assert.match(
    warnings.join(),
    /^linear-regions: resume: run .* goes on at step 9; 1 snapshot beyond it was deleted$/,
  )
})

test('a training that goes on in a log without its run is told so', async () => {
  const database = join(temporaryFolder(), 'runs.db')
  const begun = async (changes: object) => {
    const monitor = linearRegionMonitor({data: xs, database, points: 3, resume: 'allow'})
    return warningsOf(() => fit(smallModel(), [monitor], changes))
  }
  assert.equal(await begun({epochs: 1}), [])
  assert.match(
    (await begun({initialEpoch: 1, epochs: 2})).join(),
    /^linear-regions: resume: the log holds no unfinished run "run"; run .* begins at epoch 1$/,
  )
})

test('the log of a path is written and closed', async () => {
  const database = join(temporaryFolder(), 'runs.db')
  const monitor = linearRegionMonitor({data: xs, database, points: 3, keepInputs: true})
  await fit(smallModel(), [monitor])
  const log = await openLog(database, {readonly: true})
  const [run] = await log.db.selectFrom('timeline').selectAll().where('step', '=', 6).execute()
  const counts = await Promise.all(
    (['points', 'distances', 'bounds'] as const).map(async (table) => {
      const rows = await log.db.selectFrom(table).select('snapshot_id').execute()
      return rows.length
    }),
  )
  await log.close()
  assert.is(run!.epoch, 2)
  assert.equal(counts, [18, 18, 18 * 6])
})

test('no tensor is left behind, however many snapshots', async () => {
  const model = smallModel()
  const own = {name: 'own', unit: 'one', measure: () => tf.ones([12])}
  const {monitor, log} = watch({
    labels,
    testData: xs,
    groups: ['train', 'uniform', 'gaussian', 'test'],
    methods: ['spectral', 'interval', 'crown', 'combined'],
    measures: ['distance', 'bound', own],
    every: {batches: 1},
  })
  await fit(model, [monitor], {epochs: 1})
  await keepsTensors(() => fit(model, [monitor], {epochs: 10}).then(() => undefined))
  assert.is(log.snapshots.length, 34)
  assert.ok(log.snapshots.every(({status}) => status === 'complete'))
})

test('a second network is refused by the same monitor', async () => {
  const {monitor} = watch()
  await fit(smallModel(), [monitor])
  await rejects(
    fit(smallModel({units: 7}), [monitor]),
    'model: expected the model that this monitor',
  )
})

test('another model is refused by the same monitor, also one of the same shape', async () => {
  const {monitor, log, steps} = watch()
  const model = smallModel()
  await fit(model, [monitor])
  const before = [...log.calls]
  const other = smallModel()
  const weights = other.getWeights().map((weight) => weight.dataSync().slice())
  await rejects(
    fit(other, [monitor]),
    'model: expected the model that this monitor has followed so far, got one of other weights; make a monitor for each',
  )
  assert.equal(log.calls, before)
  assert.equal(
    other.getWeights().map((weight) => weight.dataSync()),
    weights,
  )
  await fit(model, [monitor])
  assert.equal(steps(), [0, 3, 6, 9, 12])
})

test('parts of a watched model may be fitted in turns', async () => {
  const model = smallModel()
  const {monitor, steps} = watch({model})
  const wrapped = () => {
    const outer = tf.sequential({layers: [model]})
    outer.compile({optimizer: 'sgd', loss: 'categoricalCrossentropy'})
    return outer
  }
  await fit(wrapped(), [monitor], {epochs: 1})
  await fit(wrapped(), [monitor], {epochs: 1})
  assert.equal(steps(), [0, 3, 6])
})

for (const watched of [undefined, smallModel()])
  test(`a second model that is trained at once is refused, and the first goes on${watched ? ' (model)' : ''}`, async () => {
    const {monitor, log, steps} = watch(watched ? {model: watched} : {})
    const fits = [smallModel(), smallModel()].map((model, index) =>
      fit(model, [monitor], {epochs: 2 + index}),
    )
    const [first, second] = await Promise.allSettled(fits)
    assert.is(first!.status, 'fulfilled')
    assert.match(
      String((second as PromiseRejectedResult).reason),
      'RangeError: model: another model is trained with this monitor just now; make a monitor for each',
    )
    assert.equal(steps(), [0, 3, 6])
    assert.is(log.calls.at(-1), 'finished')
  })

test('a network without a kink is said once, and logged', async () => {
  const model = () => {
    const linear = tf.sequential({
      layers: [
        tf.layers.dense({units: 5, inputShape: [4]}),
        tf.layers.dense({units: 3, activation: 'softmax'}),
      ],
    })
    linear.compile({optimizer: 'sgd', loss: 'categoricalCrossentropy'})
    return linear
  }
  const {monitor, log} = watch()
  const watched = model()
  const said = await warningsOf(async () => {
    await fit(watched, [monitor])
    await fit(watched, [monitor])
  })
  assert.is(said.length, 1)
  assert.match(
    said[0]!,
    /^linear-regions: model: has no kink, such as a ReLU before its last layer, so that it is a single region/,
  )
  assert.is(log.snapshots.length, 5)
  assert.ok(log.snapshots.every(({distances}) => distances[0]!.distance[0] === Infinity))
})

test('warnings are not given where nothing is wrong', async () => {
  const said = await warningsOf(async () => fit(smallModel(), [watch({labels}).monitor]))
  assert.equal(said, [])
})

test.run()

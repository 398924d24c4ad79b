import {spawnSync} from 'node:child_process'
import * as assert from 'uvu/assert'
import {type Log, LogError, type RunResume} from '../../storage/index.js'
import {databaseSuite} from '../support/databases.js'
import {rejects} from '../support/rejects.js'
import {cutOff, longAgo, sampleRun, sampleSnapshot, withLog} from './sample.js'

const resuming = databaseSuite('resuming a run')

/** A run of 10 steps an epoch with snapshots at `steps`, that was cut off. */
async function abandonedRun(log: Log, steps = [0, 10, 20, 25], name = 'sample') {
  const runId = await log.startRun(sampleRun({name}))
  for (const step of steps) await log.writeSnapshot(runId, sampleSnapshot(step))
  await cutOff(log, runId)
  return runId
}

const again = (changes: Partial<RunResume> = {}): RunResume => ({
  ...sampleRun(),
  must: true,
  ...changes,
})

const stepsOf = async ({db}: Log, runId: string) => {
  const rows = await db
    .selectFrom('snapshots')
    .select('step')
    .where('run_id', '=', runId)
    .orderBy('step')
    .execute()
  return rows.map(({step}) => step)
}

const rowOf = ({db}: Log, runId: string) =>
  db.selectFrom('runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow()

resuming('goes on from the last logged step', () =>
  withLog(async (log) => {
    const runId = await abandonedRun(log)
    assert.equal(await log.resumeRun(again()), {
      runId,
      step: 25,
      resumed: true,
      deleted: 0,
    })
    assert.equal(await stepsOf(log, runId), [0, 10, 20, 25])
    const row = await rowOf(log, runId)
    assert.is(row.status, 'running')
    assert.ok(row.heartbeat_at > longAgo)
  }),
)

resuming('goes on from the step of the checkpoint and deletes what lies beyond it', () =>
  withLog(async (log) => {
    const other = await abandonedRun(log, [30], 'other')
    const runId = await abandonedRun(log)
    const {step, deleted} = await log.resumeRun(again({step: 10}))
    assert.equal([step, deleted], [10, 2])
    assert.equal(await stepsOf(log, runId), [0, 10])
    assert.equal(await stepsOf(log, other), [30])
    const left = await log.db.selectFrom('points').select('snapshot_id').distinct().execute()
    assert.is(left.length, 3)
  }),
)

resuming('finds the step of an epoch in the log', () =>
  withLog(async (log) => {
    const runId = await abandonedRun(log)
    assert.is((await log.resumeRun(again({epoch: 2}))).step, 20)
    assert.equal(await stepsOf(log, runId), [0, 10, 20])
  }),
)

resuming('refuses a network without updates where the run has some, and changes nothing', () =>
  withLog(async (log) => {
    const runId = await abandonedRun(log)
    const before = await rowOf(log, runId)
    await rejects(
      log.resumeRun(again({untrained: true})),
      /^resume: run "sample" .* has come to step 25, and this network has made no update; /,
    )
    assert.equal(await rowOf(log, runId), before)
    assert.equal(await stepsOf(log, runId), [0, 10, 20, 25])
    const begun = await abandonedRun(log, [0], 'begun')
    const {step} = await log.resumeRun(again({name: 'begun', untrained: true}))
    assert.equal([step, await stepsOf(log, begun)], [0, [0]])
  }),
)

resuming('deletes what lies beyond the epoch too, where both are given', () =>
  withLog(async (log) => {
    const runId = await abandonedRun(log)
    assert.is((await log.resumeRun(again({step: 25, epoch: 1}))).step, 25)
    assert.equal(await stepsOf(log, runId), [0, 10])
  }),
)

resuming('works the step of an epoch out that was not logged', () =>
  withLog(async (log) => {
    const runId = await abandonedRun(log, [0, 5, 20])
    assert.is((await log.resumeRun(again({epoch: 1}))).step, 10)
    assert.equal(await stepsOf(log, runId), [0, 5])
    const started = await abandonedRun(log, [0], 'started')
    const unknown = again({runId: started, epoch: 3})
    await rejects(log.resumeRun(unknown), /no snapshot that tells the step at epoch 3/)
    assert.is((await log.resumeRun({...unknown, epoch: 0})).step, 0)
  }),
)

resuming('takes the newest unfinished run of the name', () =>
  withLog(async (log) => {
    const older = await abandonedRun(log, [1])
    await log.db.updateTable('runs').set({started_at: longAgo}).execute()
    const newer = await abandonedRun(log, [2])
    await abandonedRun(log, [3], 'other')
    assert.is((await log.resumeRun(again())).runId, newer)
    await log.finishRun(newer, 'finished')
    assert.is((await log.resumeRun(again())).runId, older)
  }),
)

resuming('takes a failed run up again, and a finished one where it is named', () =>
  withLog(async (log) => {
    const runId = await log.startRun(sampleRun())
    await log.finishRun(runId, 'failed', 'interrupted')
    assert.is((await log.resumeRun(again())).runId, runId)
    const {status, error, ended_at} = await rowOf(log, runId)
    assert.equal([status, error, ended_at], ['running', null, null])
    await log.finishRun(runId, 'finished')
    await rejects(log.resumeRun(again()), /no unfinished run "sample"/)
    assert.is((await log.resumeRun(again({runId}))).runId, runId)
  }),
)

resuming('starts a new run where there is none and there need not be', () =>
  withLog(async (log) => {
    await rejects(log.resumeRun(again()), /^resume: there is no unfinished run "sample"/)
    const {runId, ...rest} = await log.resumeRun(again({must: false}))
    assert.equal(rest, {step: 0, resumed: false, deleted: 0})
    assert.is((await rowOf(log, runId)).status, 'running')
    await rejects(log.resumeRun(again({must: false, runId: 'nobody'})), /^runId: .*"nobody"/)
  }),
)

const {model, measures} = sampleRun()
const [first, second] = model.layers
const others: [RegExp, Partial<RunResume>][] = [
  [/logged with seed 1, got 2/, {seed: 2}],
  [/measures bound .*, got distance/, {measures: measures.slice(0, 1)}],
  [/measures .*, got/, {measures: [...measures.slice(0, 1), {name: 'bound', unit: 'bits'}]}],
  [/layers .*, got/, {model: {...model, layers: [first!]}}],
  [/layers .*, got/, {model: {...model, layers: [second!, first!]}}],
  [/layers .*, got/, {model: {...model, layers: [first!, {...second!, className: 'Conv2D'}]}}],
  [/layers .*, got/, {model: {...model, layers: [first!, {...second!, kinks: 2}]}}],
]
for (const [message, changes] of others) {
  resuming(`refuses another ${Object.keys(changes)}: ${message}`, () =>
    withLog(async (log) => {
      const runId = await abandonedRun(log)
      const before = await rowOf(log, runId)
      for (const must of [true, false]) {
        await rejects(log.resumeRun(again({...changes, must, step: 0})), message)
      }
      assert.equal(await rowOf(log, runId), before)
      assert.equal(await stepsOf(log, runId), [0, 10, 20, 25])
    }),
  )
}

resuming('takes the same measures in another order, and layers that were named anew', () =>
  withLog(async (log) => {
    const runId = await abandonedRun(log)
    const renamed = model.layers.map((layer) => ({...layer, name: `${layer.name}_2`}))
    const rebuilt = {measures: measures.toReversed(), model: {...model, layers: renamed}}
    assert.is((await log.resumeRun(again(rebuilt))).runId, runId)
  }),
)

resuming('refuses a run that is alive', () =>
  withLog(async (log) => {
    const runId = await log.startRun(sampleRun())
    // a training that measures for long says nothing meanwhile
    await log.db.updateTable('runs').set({heartbeat_at: longAgo}).execute()
    for (const must of [true, false]) {
      await rejects(
        log.resumeRun(again({must})),
        /^resume: run "sample" .* is still alive, its last sign came \d+ s ago .*; finish it first$/,
      )
    }
    await log.resumeRun(again({name: 'other', must: false}))
    await log.finishRun(runId, 'failed')
    await log.resumeRun(again())
    await rejects(log.resumeRun(again()), /still alive/)
  }),
)

resuming('need not wait for a run whose process is known to be gone', () =>
  withLog(async (log) => {
    const runId = await log.startRun(sampleRun())
    const {pid} = spawnSync(process.execPath, ['-e', ''])
    const setEnvironment = async (changes: object) => {
      const {process} = JSON.parse((await rowOf(log, runId)).environment)
      const environment = JSON.stringify({process: {...process, ...changes}})
      await log.db.updateTable('runs').set({environment}).execute()
    }
    await setEnvironment({pid, space: 'another container'})
    await rejects(log.resumeRun(again()), /still alive/)
    const space = JSON.parse(
      (await rowOf(log, await log.startRun(sampleRun({name: 'x'})))).environment,
    ).process.space
    await setEnvironment({pid, space})
    assert.is((await log.resumeRun(again())).runId, runId)
  }),
)

resuming('describes the process that goes on, and keeps what the one before it was', () =>
  withLog(async (log) => {
    const runId = await abandonedRun(log)
    const before = await rowOf(log, runId)
    const next = {backend: 'wasm', argv: ['node', 'again.js'], environment: {speed: 1}}
    await log.resumeRun(again({...next, step: 10}))
    const row = await rowOf(log, runId)
    assert.equal([row.backend, row.argv], ['wasm', '["node","again.js"]'])
    assert.equal([row.started_at, row.config], [before.started_at, before.config])
    const {speed, resumed} = JSON.parse(row.environment)
    assert.is(speed, 1)
    assert.is(resumed.length, 1)
    assert.equal([resumed[0].step, resumed[0].at], [10, row.heartbeat_at])
    assert.equal(resumed[0].was.argv, ['node', 'train.js'])
    assert.is(resumed[0].was.backend, 'cpu')
    await cutOff(log, runId)
    await log.resumeRun(again({config: {rate: 0.5}}))
    const last = await rowOf(log, runId)
    assert.is(last.config, '{"rate":0.5}')
    assert.is(JSON.parse(last.environment).resumed.length, 2)
  }),
)

/** As though a process on another machine had resumed the run. */
async function takeOver(log: Log, runId: string) {
  const environment = JSON.stringify({process: {pid: 7}})
  await log.db
    .updateTable('runs')
    .set({host: 'elsewhere', environment})
    .where('id', '=', runId)
    .execute()
}

resuming('refuses what the process before it still writes', () =>
  withLog(async (log) => {
    const runId = await log.startRun(sampleRun())
    await log.writeSnapshot(runId, sampleSnapshot(0))
    await takeOver(log, runId)
    const before = await rowOf(log, runId)
    const late = [
      () => log.writeSnapshot(runId, sampleSnapshot(10)),
      () => log.writeSnapshot(runId, sampleSnapshot(0)),
      () => log.heartbeat(runId),
      () => log.reopenRun(runId),
      () => log.finishRun(runId, 'finished'),
    ]
    for (const write of late) {
      const error = await rejects(write(), '')
      assert.instance(error, LogError)
      assert.match(
        error.message,
        /^run: "sample" \(.*\) was taken over by process 7 on elsewhere, which resumed it; nothing/,
      )
    }
    assert.equal(await rowOf(log, runId), before)
    assert.equal(await stepsOf(log, runId), [0])
    // once this process has resumed it in its turn, it is its own again
    await cutOff(log, runId)
    await log.resumeRun(again())
    await log.writeSnapshot(runId, sampleSnapshot(10))
    assert.equal(await stepsOf(log, runId), [0, 10])
  }),
)

resuming('leaves runs that were never of this process to whoever closes them by hand', () =>
  withLog(async (log) => {
    const runId = '00000000-0000-4000-8000-000000000000'
    const own = await log.startRun(sampleRun())
    const row = await rowOf(log, own)
    await log.db
      .insertInto('runs')
      .values({...row, id: runId, host: 'elsewhere'})
      .execute()
    await log.finishRun(runId, 'failed', 'cut off')
    assert.is((await rowOf(log, runId)).status, 'failed')
  }),
)

resuming.run()

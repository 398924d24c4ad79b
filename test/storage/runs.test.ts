import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {hostname} from 'node:os'
import * as assert from 'uvu/assert'
import type {Log, RunStart} from '../../storage/index.js'
import {databaseSuite} from '../support/databases.js'
import {rejects} from '../support/rejects.js'
import {sampleRun, sampleSnapshot, temporaryPath, withLog} from './sample.js'

const runs = databaseSuite('runs of a log')

const packageJson = new URL('../../package.json', import.meta.url)
const rowOf = ({db}: Log) => db.selectFrom('runs').selectAll().executeTakeFirstOrThrow()

runs('are described by what was given and by what the log finds out', () =>
  withLog(async (log) => {
    const run = sampleRun({
      config: {optimizer: 'sgd', radius: Infinity},
      device: 'two cores',
      environment: {refused: {node: 'not installed'}},
      heartbeatEvery: 5,
      seed: 2 ** 40,
    })
    const runId = await log.startRun(run)
    const {started_at, heartbeat_at, model, environment, git_commit, git_dirty, ...rest} =
      await rowOf(log)
    assert.equal(rest, {
      id: runId,
      name: 'sample',
      status: 'running',
      heartbeat_every: 5,
      ended_at: null,
      error: null,
      seed: 2 ** 40,
      config: '{"optimizer":"sgd","radius":"Infinity"}',
      backend: 'cpu',
      device: 'two cores',
      tfjs_version: '4.22.0',
      node_version: process.version,
      package_version: JSON.parse(readFileSync(packageJson, 'utf8')).version,
      host: hostname(),
      argv: '["node","train.js"]',
    })
    assert.match(runId, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    assert.is(new Date(started_at).toISOString(), started_at)
    assert.is(heartbeat_at, started_at)
    assert.equal(JSON.parse(model), run.model)
    assert.equal(JSON.parse(environment).refused, {node: 'not installed'})
    assert.is(JSON.parse(environment).process.pid, process.pid)
    assert.ok(git_commit === null || /^[0-9a-f]{40}$/.test(git_commit))
    assert.ok(git_dirty === (git_commit === null ? null : git_dirty && 1))
  }),
)

runs('know the commit of the working folder, and whether it was changed', async () => {
  const folder = temporaryPath('')
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b', ...args], {cwd: folder})
  const storage = new URL('../../storage/environment.ts', import.meta.url).href
  const script = `import(${JSON.stringify(storage)}).then(async ({surroundings}) => console.log(JSON.stringify(await surroundings())))`
  const loader = import.meta.resolve('tsx')
  const look = () => {
    const args = ['--import', loader, '-e', script]
    const env = {...process.env, GIT_CEILING_DIRECTORIES: folder.replace(/\/[^/]+\/?$/, '')}
    const said = execFileSync(process.execPath, args, {cwd: folder, encoding: 'utf8', env})
    const {git_commit, git_dirty} = JSON.parse(said)
    return {git_commit, git_dirty}
  }
  assert.equal(look(), {git_commit: null, git_dirty: null})
  git('init', '-q')
  execFileSync('sh', ['-c', 'echo one > file'], {cwd: folder})
  git('add', 'file')
  git('commit', '-q', '-m', 'One')
  const git_commit = String(git('rev-parse', 'HEAD')).trim()
  assert.equal(look(), {git_commit, git_dirty: 0})
  execFileSync('sh', ['-c', 'echo two > file'], {cwd: folder})
  assert.equal(look(), {git_commit, git_dirty: 1})
})

runs('keep their layers in order and their measures', () =>
  withLog(async (log) => {
    const runId = await log.startRun(sampleRun())
    assert.equal(await log.db.selectFrom('layers').selectAll().orderBy('layer').execute(), [
      {run_id: runId, layer: 0, name: 'first', class: 'Dense', units: 16, kinks: 1},
      {run_id: runId, layer: 1, name: 'second', class: 'Dense', units: 8, kinks: 1},
    ])
    assert.equal(await log.db.selectFrom('measures').selectAll().orderBy('name').execute(), [
      {run_id: runId, name: 'bound', unit: 'log2 regions'},
      {run_id: runId, name: 'distance', unit: 'input units'},
    ])
  }),
)

runs('may have no layer and no measure', () =>
  withLog(async (log) => {
    const {model} = sampleRun()
    await log.startRun(sampleRun({measures: [], model: {...model, layers: []}}))
    assert.is((await rowOf(log)).config, '{}')
  }),
)

runs('give signs of life: when asked, and with each snapshot', () =>
  withLog(async (log) => {
    const runId = await log.startRun(sampleRun())
    const long = '2020-01-01T00:00:00.000Z'
    const silence = () => log.db.updateTable('runs').set({heartbeat_at: long}).execute()
    await silence()
    await log.heartbeat(runId)
    assert.ok((await rowOf(log)).heartbeat_at > long)
    await silence()
    await log.writeSnapshot(runId, sampleSnapshot(0))
    assert.ok((await rowOf(log)).heartbeat_at > long)
  }),
)

runs('are expected to be silent for as long as they were, up to an hour', () =>
  withLog(async (log) => {
    const runId = await log.startRun(sampleRun())
    const everyAfter = async (seconds: number, sign: () => Promise<void>) => {
      const heartbeat_at = new Date(Date.now() - 1000 * seconds).toISOString()
      await log.db.updateTable('runs').set({heartbeat_at}).execute()
      await sign()
      return (await rowOf(log)).heartbeat_every
    }
    const heartbeat = () => log.heartbeat(runId)
    assert.is(await everyAfter(20, heartbeat), 60)
    const longer = await everyAfter(300, heartbeat)
    // what asking takes is silence, too
    assert.ok(longer >= 300, String(longer))
    assert.is(await everyAfter(0, heartbeat), longer)
    assert.is(await everyAfter(1e6, () => log.writeSnapshot(runId, sampleSnapshot(0))), 3600)
    // a break between two trainings is none of its intervals
    await log.db.updateTable('runs').set({heartbeat_every: 60}).execute()
    assert.is(await everyAfter(1000, () => log.reopenRun(runId)), 60)
  }),
)

runs('end as finished, or as failed with the reason', () =>
  withLog(async (log) => {
    const runId = await log.startRun(sampleRun())
    await log.finishRun(runId, 'failed', 'interrupted')
    const failed = await rowOf(log)
    assert.equal([failed.status, failed.error], ['failed', 'interrupted'])
    assert.is(failed.ended_at, failed.heartbeat_at)
    await log.finishRun(runId, 'finished')
    const finished = await rowOf(log)
    assert.equal([finished.status, finished.error], ['finished', null])
  }),
)

runs('that are unknown are refused', () =>
  withLog(async (log) => {
    await rejects(log.heartbeat('nobody'), /^runId: expected a run of this log, got "nobody"$/)
    await rejects(log.finishRun('nobody', 'finished'), /^runId/)
  }),
)

const loop: Record<string, unknown> = {}
loop.self = loop
const wrong: [string, Partial<RunStart>][] = [
  ['run: expected a name, got ""', {name: ''}],
  ['seed: expected a whole number, got 0.5', {seed: 0.5}],
  ['seed: expected a whole number, got NaN', {seed: NaN}],
  ['heartbeatEvery: expected seconds above 0, got 0', {heartbeatEvery: 0}],
  ['heartbeatEvery: expected seconds above 0, got NaN', {heartbeatEvery: NaN}],
  ['config: expected numbers, got NaN for rate', {config: {rate: NaN}}],
  ['config: expected what JSON can hold (Converting circular', {config: loop}],
  ['config: expected what JSON can hold (Do not know how to', {config: {big: 1n}}],
  ['config: expected what JSON can hold, got function', {config: () => 1}],
  ['environment: expected numbers, got NaN for speed', {environment: {speed: NaN}}],
]
for (const [message, changes] of wrong) {
  runs(`refuse what cannot be stored: ${message}`, () =>
    withLog(async (log) => {
      const error = await rejects(log.startRun(sampleRun(changes)), '')
      assert.ok(error.message.startsWith(message), error.message)
      assert.not.match(error.message, '\n')
      assert.equal(await log.db.selectFrom('runs').selectAll().execute(), [])
    }),
  )
}

runs.run()

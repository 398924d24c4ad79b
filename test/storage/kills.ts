import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, statSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import seedrandom from 'seedrandom'
import * as assert from 'uvu/assert'
import {type Log, openLog} from '../../storage/index.js'
import {isPostgresAddress} from '../../storage/postgres-address.js'
import {runCaptured} from '../scripts/capture.js'
import {temporaryPlace} from '../support/databases.js'
import {withLog} from './sample.js'
import {trainedSize} from './train-size.js'
import {checkWhole} from './whole.js'

const child = fileURLToPath(new URL('./train.ts', import.meta.url))
const epochs = 60

interface Training {
  /** Steps of the snapshots that the training was told are stored, in order. */
  readonly stored: readonly number[]
  /** Milliseconds from `ready` to the end. */
  readonly took: number
}

interface TrainingOptions {
  /** Milliseconds after `ready`; default: it is left alone. */
  readonly killAfter?: number
  /** Is killed once it was told that so many snapshots are stored. */
  readonly killAt?: number
  readonly until?: number
  /** Goes on with the run at this epoch. */
  readonly initialEpoch?: number
}

/** Trains in a process of its own. */
async function train(
  path: string,
  name: string,
  {killAfter, killAt = Infinity, until = epochs, initialEpoch}: TrainingOptions = {},
): Promise<Training> {
  const words = [path, name, String(until), ...(initialEpoch ? [String(initialEpoch)] : [])]
  const args = ['--import', import.meta.resolve('tsx'), child, ...words]
  const training = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'ignore']})
  let said = ''
  let started = 0
  let timer: NodeJS.Timeout | undefined
  training.stdout.on('data', (data) => {
    said += data
    if (said.split('stored').length > killAt) training.kill('SIGKILL')
    if (started > 0 || !said.includes('ready')) return
    started = performance.now()
    if (killAfter !== undefined) timer = setTimeout(() => training.kill('SIGKILL'), killAfter)
  })
  await once(training, 'close')
  clearTimeout(timer)
  const steps = [...said.matchAll(/^stored (\d+)$/gm)].map(([, step]) => Number(step))
  return {stored: steps, took: performance.now() - started}
}

/**
 * Kills a training (SIGKILL) at so many random moments between the opening of its log and its end,
 * in turn in a new file and in one that earlier trainings were killed in; after each, looks at the
 * log as a reader and as a writer, and goes on with the run at a checkpoint that the training had
 * left behind.
 *
 * @param seed names the moments
 * @param within milliseconds; default: what a whole training takes
 * @returns how many of the killed trainings had stored a snapshot
 */
export async function killTrainings(times: number, seed: string, within?: number): Promise<number> {
  const random = seedrandom(seed)
  const took = within ?? (await wholeTraining())
  const shared = await temporaryPlace()
  const expected = new Map<string, readonly number[]>()
  let half = 0
  for (let time = 0; time < times; time++) {
    const path = time % 2 === 0 ? await temporaryPlace() : shared
    const name = `killed ${time}`
    const killed = await train(path, name, {killAfter: random() * took})
    if (path === shared) expected.set(name, killed.stored)
    if (killed.stored.length > 0 && killed.stored.length <= epochs) half++
    // nothing there yet, or the first transaction was not done: nothing was told to be stored
    if (isNothing(path)) assert.equal(killed.stored, [])
    else {
      const all = path === shared ? expected : new Map([[name, killed.stored]])
      await checkLog(path, all)
      // a run that ended before it was killed is not gone on with
      const isOver = killed.stored.length > epochs
      if (killed.stored.length > 4 && !isOver)
        all.set(name, await resumeHalfway(path, name, killed.stored))
    }
  }
  return half
}

/** Kills a training once it has stored some snapshots, and goes on with it from half of them. */
export async function killAndResume(): Promise<void> {
  const path = await temporaryPlace()
  const {stored} = await train(path, 'killed', {killAt: 8})
  assert.ok(stored.length >= 8)
  await resumeHalfway(path, 'killed', stored)
}

/** One update an epoch: what was logged beyond the checkpoint goes, and nothing is there twice. */
async function resumeHalfway(path: string, name: string, stored: readonly number[]) {
  const initialEpoch = Math.floor(stored.length / 2)
  const began = new Date().toISOString()
  const {stored: again} = await train(path, name, {until: initialEpoch + 2, initialEpoch})
  assert.equal(again, [initialEpoch, initialEpoch + 1, initialEpoch + 2])
  await withLog(async (log) => {
    await checkWhole(log, trainedSize)
    const rows = await log.db
      .selectFrom('timeline')
      .select(['step', 'epoch', 'recorded_at', 'run_status'])
      .where('run', '=', name)
      .orderBy('step')
      .execute()
    assert.equal(
      rows.map(({step, epoch}) => [step, epoch]),
      Array.from({length: initialEpoch + 3}, (_, step) => [step, step]),
    )
    for (const {step, recorded_at, run_status} of rows) {
      assert.is(recorded_at > began, step >= initialEpoch, `step ${step}`)
      assert.is(run_status, 'finished')
    }
  }, path)
  return stored.slice(0, initialEpoch).concat(again)
}

async function wholeTraining(): Promise<number> {
  const {took, stored} = await train(await temporaryPlace(), 'whole')
  assert.is(stored.length, epochs + 1)
  return took
}

/** On a server there is always something to ask. */
function isNothing(place: string): boolean {
  return !isPostgresAddress(place) && (!existsSync(place) || statSync(place).size === 0)
}

async function checkLog(path: string, expected: ReadonlyMap<string, readonly number[]>) {
  const tables = await openLog(path, {readonly: true}).catch((error: Error) => {
    assert.match(error.message, /is empty and holds no log/)
    for (const stored of expected.values()) assert.equal(stored, [])
  })
  if (tables) {
    await checkRuns(tables, expected)
    await tables.close()
  }
  await withLog((log) => checkRuns(log, expected), path)
  await checkAbandoned(path)
}

/** Every snapshot that was told to be stored is there, at most one more, and all of each. */
async function checkRuns(log: Log, expected: ReadonlyMap<string, readonly number[]>) {
  await checkWhole(log, trainedSize)
  for (const [name, stored] of expected) {
    const rows = await log.db
      .selectFrom('timeline')
      .select(['step', 'status'])
      .where('run', '=', name)
      .orderBy('step')
      .execute()
    const steps = rows.map(({step}) => step)
    assert.equal(steps.slice(0, stored.length), stored, name)
    assert.ok(steps.length <= stored.length + 1, name)
    assert.ok(rows.every(({status}) => status === 'complete'))
  }
}

/** Once their heartbeat is old, runs that were cut off are called abandoned. */
async function checkAbandoned(path: string): Promise<void> {
  await withLog(async ({db}) => {
    const old = {heartbeat_at: '2026-01-31T10:00:00.000Z'}
    await db.updateTable('runs').set(old).where('status', '=', 'running').execute()
  }, path)
  const {code, stdout} = await runCaptured(['runs', 'list', '--json', '--database', path])
  assert.is(code, 0)
  for (const {status} of JSON.parse(stdout)) assert.match(status, /^(abandoned|finished)$/)
}

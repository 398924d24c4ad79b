import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, statSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import seedrandom from 'seedrandom'
import * as assert from 'uvu/assert'
import {type Log, openLog} from '../../storage/index.js'
import {runCaptured} from '../scripts/capture.js'
import {temporaryPath, withLog} from './sample.js'
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

/** Trains in a process of its own, which is killed so many milliseconds after it is ready. */
async function train(path: string, name: string, killAfter?: number): Promise<Training> {
  const args = ['--import', import.meta.resolve('tsx'), child, path, name, String(epochs)]
  const training = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'ignore']})
  let said = ''
  let started = 0
  let timer: NodeJS.Timeout | undefined
  training.stdout.on('data', (data) => {
    said += data
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
 * log as a reader and as a writer.
 *
 * @param seed names the moments
 * @param within milliseconds; default: what a whole training takes
 * @returns how many of the killed trainings had stored a snapshot
 */
export async function killTrainings(times: number, seed: string, within?: number): Promise<number> {
  const random = seedrandom(seed)
  const took = within ?? (await wholeTraining())
  const shared = temporaryPath()
  const expected = new Map<string, readonly number[]>()
  let half = 0
  for (let time = 0; time < times; time++) {
    const path = time % 2 === 0 ? temporaryPath() : shared
    const name = `killed ${time}`
    const killed = await train(path, name, random() * took)
    if (path === shared) expected.set(name, killed.stored)
    if (killed.stored.length > 0 && killed.stored.length <= epochs) half++
    // nothing there yet, or the first transaction was not done: nothing was told to be stored
    if (!existsSync(path) || statSync(path).size === 0) assert.equal(killed.stored, [])
    else await checkLog(path, path === shared ? expected : new Map([[name, killed.stored]]))
  }
  return half
}

async function wholeTraining(): Promise<number> {
  const {took, stored} = await train(temporaryPath(), 'whole')
  assert.is(stored.length, epochs + 1)
  return took
}

async function checkLog(path: string, expected: ReadonlyMap<string, readonly number[]>) {
  const tables = await openLog(path, {readonly: true}).catch((error: Error) => {
    assert.match(error.message, /is empty and cannot be written/)
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

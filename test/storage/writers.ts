import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {fileURLToPath} from 'node:url'
import * as assert from 'uvu/assert'
import {openLog} from '../../storage/index.js'
import {temporaryPlace} from '../support/databases.js'
import {withLog} from './sample.js'
import {checkWhole} from './whole.js'

const writer = fileURLToPath(new URL('./write-run.ts', import.meta.url))

/** What a snapshot of write-run.ts has. */
export const writtenSize = {
  points: 200,
  distances: 400,
  bounds: 800,
  layer_bounds: 2400,
  measurements: 400,
  timings: 2,
  summaries: 14,
}

/** A process that writes a run of so many snapshots. */
export function startWriter(path: string, name: string, count: number): ChildProcess {
  const args = ['--import', import.meta.resolve('tsx'), writer, path, name, String(count)]
  return spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'inherit']})
}

/** Several processes write a run each into one log, while this one reads it; nothing is lost. */
export async function writeTogether(writers: number, snapshots: number): Promise<void> {
  const path = await temporaryPlace()
  await withLog(async () => undefined, path)
  const names = Array.from({length: writers}, (_, index) => `run ${index}`)
  const children = names.map((name) => startWriter(path, name, snapshots))
  const codes = Promise.all(children.map(async (child) => (await once(child, 'close'))[0]))
  let done = false
  codes.finally(() => {
    done = true
  })
  const reader = await openLog(path, {readonly: true})
  while (!done) await checkWhole(reader, writtenSize)
  await reader.close()
  assert.equal(await codes, Array(writers).fill(0))
  await withLog(async (log) => {
    await checkWhole(log, writtenSize)
    const rows = await log.db
      .selectFrom('runs')
      .innerJoin('snapshots', 'snapshots.run_id', 'runs.id')
      .select(['name', 'runs.status', 'step'])
      .orderBy('name')
      .orderBy('step')
      .execute()
    const steps = Array.from({length: snapshots}, (_, step) => step)
    assert.equal(
      rows,
      names.flatMap((name) => steps.map((step) => ({name, status: 'finished', step}))),
    )
  }, path)
}

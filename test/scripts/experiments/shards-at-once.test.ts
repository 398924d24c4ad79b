import {spawnSync} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {packageRoot} from '../../../scripts/package-root.js'
import {openLog} from '../../../storage/log.js'
import {temporaryFolder} from '../../support/folder.js'

const test = suite('shards at once')

/** As GNU parallel does it: a process for each number, several at a time, all into one log. */
function inParallel(numbers: number, at: number, command: readonly string[]) {
  return spawnSync('xargs', ['-P', `${at}`, '-I', '{}', ...command], {
    cwd: packageRoot(),
    encoding: 'utf8',
    input: Array.from({length: numbers}, (_, index) => `${index + 1}\n`).join(''),
    env: {...process.env, SLURM_ARRAY_TASK_ID: '', JOB_COMPLETION_INDEX: ''},
  })
}

test('processes share out a study, and one of them draws it', async () => {
  const out = join(temporaryFolder(), 'results')
  const reproduce = [
    ...[process.execPath, '--import', 'tsx', 'scripts/bin.ts', 'reproduce', '--backend', 'cpu'],
    ...['--depth', '1', '--width', '4', '--controls', 'none', '--seeds', '1,2,3', '--epochs', '1'],
    ...['--train-size', '40', '--test-size', '20', '--points', '2', '--early-snapshots', '1'],
    ...['--groups', 'train,uniform', '--chosen-snapshots', '0', '--format', 'svg', '--out', out],
  ]
  const {status, stderr} = inParallel(2, 2, [...reproduce, '--shard', '{}/2'])
  assert.is(status, 0, stderr)
  assert.match(stderr, 'shard 1 of 2 (--shard): 2 of 3 runs')
  assert.match(stderr, 'shard 2 of 2 (--shard): 1 of 3 runs')
  const log = await openLog(join(out, 'reproduce.db'), {readonly: true})
  const runs = await log.db.selectFrom('runs').select(['seed', 'status']).orderBy('seed').execute()
  await log.close()
  assert.equal(
    runs,
    [1, 2, 3].map((seed) => ({seed, status: 'finished'})),
  )
  assert.ok(existsSync(join(out, 'figures/distance-over-training.svg')))
  assert.match(readFileSync(join(out, 'findings.md'), 'utf8'), '| mlp-4x1 |')
})

test.run()

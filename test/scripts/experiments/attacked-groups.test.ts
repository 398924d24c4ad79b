import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {openLog} from '../../../storage/log.js'
import {temporaryFolder} from '../../support/folder.js'
import {runCaptured} from '../capture.js'

const test = suite('reproduce with adversarial and trigger points')
const folder = temporaryFolder()

/** Losses, and the points with their distances, of a small training that measures at these groups. */
async function reproduce(name: string, ...groups: string[]) {
  const out = join(folder, name)
  const {code, stderr} = await runCaptured([
    ...['reproduce', '--backend', 'wasm', '--format', 'svg', '--seeds', '1', '--out', out],
    ...['--train-size', '64', '--test-size', '20', '--points', '5', '--width', '9'],
    ...['--depth', '2', '--epochs', '2', '--early-snapshots', '2', '--groups', ...groups],
  ])
  assert.is(code, 0, stderr)
  const log = await openLog(join(out, 'reproduce.db'), {readonly: true})
  try {
    const losses = await log.db
      .selectFrom('snapshots')
      .select(['step', 'loss', 'metrics'])
      .execute()
    const points = await log.db
      .selectFrom('points')
      .innerJoin('distances', (join) =>
        join
          .onRef('points.snapshot_id', '=', 'distances.snapshot_id')
          .onRef('points.point', '=', 'distances.point'),
      )
      .select(['points.snapshot_id', 'point_group', 'origin_index', 'label', 'distance'])
      .orderBy('points.snapshot_id')
      .orderBy('points.point')
      .execute()
    const {environment} = await log.db
      .selectFrom('runs')
      .select('environment')
      .executeTakeFirstOrThrow()
    return {out, losses, points, settings: JSON.parse(environment!).groups}
  } finally {
    await log.close()
  }
}

test('logs them, draws them, and trains as it would without them', async () => {
  const groups = ['train', 'uniform', 'adversarial', 'trigger']
  const attacked = await reproduce('attacked', ...groups)
  assert.ok(existsSync(join(attacked.out, 'figures/groups.svg')))
  assert.equal([...new Set(attacked.points.map((point) => point.point_group))], groups)
  for (const {point_group, origin_index, label} of attacked.points)
    assert.is(origin_index !== null && label !== null, point_group !== 'uniform')
  assert.equal(attacked.settings.trigger.imageShape, [28, 28, 1])
  assert.ok(attacked.settings.adversarial.radius > 0)

  const again = await reproduce('again', ...groups)
  assert.equal(again.points, attacked.points)
  const plain = await reproduce('plain', 'train')
  assert.equal(plain.losses, attacked.losses)
  assert.not.ok(existsSync(join(plain.out, 'figures/groups.svg')))
})

test.run()

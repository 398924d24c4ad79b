import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as tf from '@tensorflow/tfjs'
import {sql} from 'kysely'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type Log, openLog} from '../../../storage/log.js'
import {sampleRun} from '../../storage/sample.js'
import {temporaryFolder} from '../../support/folder.js'
import {runCaptured} from '../capture.js'

const test = suite('reproduce')
const folder = temporaryFolder()
const small = [
  ...['--backend', 'wasm', '--format', 'svg', '--train-size', '64', '--test-size', '20'],
  ...['--points', '5', '--width', '9', '--depth', '2', '--epochs', '2', '--early-snapshots', '2'],
  ...['--every-epochs', '1', '--controls', 'none', '--chosen-snapshots', '2'],
  ...['--groups', 'train,uniform,gaussian,shuffled,test'],
]
const reproduce = (...words: string[]) => runCaptured(['reproduce', ...small, ...words])
const out = (name: string) => ['--out', join(folder, name)]

async function read<Result>(path: string, work: (log: Log) => Promise<Result>): Promise<Result> {
  const log = await openLog(path, {readonly: true})
  try {
    return await work(log)
  } finally {
    await log.close()
  }
}

/** Every number that was measured, by run, step and point; ids and times left out. */
async function numbersIn(path: string): Promise<Record<string, unknown[]>> {
  const moment = sql`(select runs.name || ' ' || runs.seed || ' ' || snapshots.step
    from snapshots join runs on runs.id = snapshots.run_id where snapshots.id = snapshot_id)`
  return await read(path, async ({db}) => {
    const tables: Record<string, unknown[]> = {}
    for (const [table, columns] of [
      ['points', 'point, point_group, slot, origin_index, label'],
      ['distances', 'point, norm, distance, layer, unit'],
      ['bounds', 'point, method, radius_rule, radius, log2_regions, unstable'],
      ['layer_bounds', 'point, method, radius_rule, layer, unstable, active'],
      ['measurements', 'point, measure, value'],
    ] as const) {
      const {rows} = await sql`select ${moment} as moment, ${sql.raw(columns)}
        from ${sql.table(table)} order by moment, ${sql.raw(columns)}`.execute(db)
      tables[table] = rows
    }
    const losses = sql`select runs.seed, step, epoch, loss, loss_scope, metrics, snapshots.status
      from snapshots join runs on runs.id = snapshots.run_id order by seed, step`
    tables.snapshots = (await losses.execute(db)).rows
    return tables
  })
}

test('trains, logs, draws and judges; twice the same numbers', async () => {
  const tensors = tf.memory().numTensors
  const first = await reproduce('--seeds', '1,2', ...out('first'))
  assert.is(first.code, 0, first.stderr)
  const second = await reproduce('--seeds', '1,2', ...out('second'))
  assert.is(second.code, 0, second.stderr)
  assert.is(tf.memory().numTensors, tensors)

  const numbers = await numbersIn(join(folder, 'first/reproduce.db'))
  assert.equal(await numbersIn(join(folder, 'second/reproduce.db')), numbers)
  // 2 seeds, measured before the first batch, after it, and after each of two epochs of 2 batches;
  // units are witnessed at the first and the last.
  assert.equal(
    numbers.snapshots!.map((row) => {
      const {seed, step, epoch, loss_scope, status} = row as Record<string, unknown>
      return [seed, step, epoch, loss_scope, status]
    }),
    [1, 2].flatMap((seed) => [
      [seed, 0, 0, null, 'complete'],
      [seed, 1, 0.5, 'batch', 'complete'],
      [seed, 2, 1, 'batch', 'complete'],
      [seed, 4, 2, 'batch', 'complete'],
    ]),
  )
  assert.is(numbers.distances!.length, 8 * 5 * 5)
  assert.is(numbers.bounds!.length, 8 * 5 * 5 * 2 * 3)
  const witnessed = numbers.measurements!.filter(
    (row) => (row as {measure: string}).measure === 'witnessed',
  )
  assert.is(witnessed.length, 2 * 2 * 5 * 5 * 3)
  for (const row of numbers.snapshots!) {
    const metrics = JSON.parse((row as {metrics: string}).metrics)
    assert.equal(Object.keys(metrics).sort(), ['train_acc', 'train_loss', 'val_acc', 'val_loss'])
    assert.ok(metrics.train_acc >= 0 && metrics.train_acc <= 1 && metrics.val_loss > 0)
  }

  const findings = JSON.parse(readFileSync(join(folder, 'first/findings.json'), 'utf8'))
  assert.ok(findings.findings.length > 0)
  assert.match(readFileSync(join(folder, 'first/findings.md'), 'utf8'), /undecided|reproduced/)
  const drawn = readdirSync(join(folder, 'first/figures'))
  assert.ok(drawn.includes('distance-over-training.svg'))
  assert.not(drawn.some((name) => name.endsWith('.png')))
  assert.match(first.stdout, /verdict/)
  for (const path of first.stdout.trim().split('\n\n').at(-1)!.split('\n')) {
    assert.ok(existsSync(path), path)
  }
  assert.match(first.stderr, /^backend: wasm on /)
  assert.match(first.stderr, /100 % after \d+ s, about 0 s left: mlp-9x2, seed 2, epoch 2\.00/)
})

test('the run says what ran', async () => {
  const row = await read(join(folder, 'first/reproduce.db'), ({db}) =>
    db.selectFrom('runs').selectAll().where('seed', '=', 2).executeTakeFirstOrThrow(),
  )
  assert.is(row.status, 'finished')
  assert.is(row.backend, 'wasm')
  assert.match(row.device!, /1 thread/)
  const environment = JSON.parse(row.environment as string)
  assert.is(environment.package, '@tensorflow/tfjs-backend-wasm')
  assert.is(environment.refused[1].why, 'not tried: --backend wasm was given')
  const config = JSON.parse(row.config as string)
  assert.is(config.data, 'fashion-mnist-2000')
  assert.is(config.learningRate, 1e-3)
  assert.equal(JSON.parse(row.argv as string).slice(0, 2), ['linear-regions', 'reproduce'])
})

test('another seed gives other numbers', async () => {
  const {distances} = await numbersIn(join(folder, 'first/reproduce.db'))
  const of = (seed: number) =>
    distances!.flatMap((row) => {
      const {moment, distance} = row as {moment: string; distance: number}
      return moment.startsWith(`mlp-9x2 ${seed} 0`) ? distance : []
    })
  assert.is(of(1).length, 25)
  assert.not.equal(of(1), of(2))
})

test('what is finished is not trained again, and what is missing is', async () => {
  const database = join(folder, 'first/reproduce.db')
  const before = await read(database, ({db}) => db.selectFrom('runs').selectAll().execute())
  const again = await reproduce('--seeds', '1,2', ...out('first'))
  assert.is(again.code, 0, again.stderr)
  assert.match(again.stderr, /2 runs, 2 of them done or under way\n/)
  const after = await read(database, ({db}) => db.selectFrom('runs').selectAll().execute())
  assert.equal(after, before)

  const added = await reproduce('--seeds', '3', '--database', database, ...out('third'))
  assert.is(added.code, 0, added.stderr)
  const seeds = () =>
    read(database, ({db}) => db.selectFrom('runs').select('seed').orderBy('seed').execute())
  assert.equal(
    (await seeds()).map(({seed}) => seed),
    [1, 2, 3],
  )
  assert.match(added.stdout, /One seed alone/)
})

test('another experiment is not mixed in unasked, nor written over', async () => {
  const database = join(folder, 'first/reproduce.db')
  const before = readFileSync(database)
  const other = small.map((word) => (word === '64' ? '60' : word))
  const refused = await runCaptured(['reproduce', ...other, '--seeds', '4', ...out('first')])
  assert.is(refused.code, 2)
  assert.match(
    refused.stderr,
    /holds runs of another experiment: "mlp-9x2" with trainSize 64, not 60;/,
  )
  assert.equal(readFileSync(database), before)

  const dry = await runCaptured([
    'reproduce',
    ...other,
    '--seeds',
    '4,5',
    '--dry-run',
    ...out('first'),
  ])
  assert.is(dry.code, 0, dry.stderr)
  assert.match(dry.stderr, /would be refused: .*another experiment.*; take another --out/)
  assert.match(dry.stdout, /^2 runs\n/)
  assert.equal(readFileSync(database), before)

  const forced = await reproduce('--seeds', '4', '--force', ...out('first'))
  assert.is(forced.code, 0, forced.stderr)
  const seeds = await read(database, ({db}) => db.selectFrom('runs').select('seed').execute())
  assert.equal(seeds, [{seed: 4}])
})

test('a share of the runs, and the figures once all are there', async () => {
  const words = ['--seeds', '1,2,3', ...out('shares')]
  const plan = await reproduce(...words, '--shard', '2/2', '--dry-run')
  assert.is(plan.code, 0, plan.stderr)
  assert.match(plan.stdout, /^shard 2 of 2 \(--shard\): 1 of 3 runs\n/)
  assert.match(plan.stdout, /│ mlp-9x2 │ 2 /)
  assert.match(plan.stdout, /about .* s on wasm/)
  assert.not(existsSync(join(folder, 'shares')))

  const first = await reproduce(...words, '--shard', '2/2')
  assert.is(first.code, 0, first.stderr)
  assert.match(first.stderr, /1 of 3 runs are finished; the figures come when all are\n$/)
  assert.not(existsSync(join(folder, 'shares/figures')))
  const second = await reproduce(...words, '--shard', '1/2')
  assert.is(second.code, 0, second.stderr)
  assert.ok(existsSync(join(folder, 'shares/figures')))
  const whole = await numbersIn(join(folder, 'second/reproduce.db'))
  const shared = await numbersIn(join(folder, 'shares/reproduce.db'))
  const ofSeeds = (rows: unknown[]) =>
    rows.filter((row) => !(row as {moment: string}).moment.startsWith('mlp-9x2 3 '))
  for (const table of ['points', 'distances', 'bounds'])
    assert.equal(ofSeeds(shared[table]!), whole[table], table)
})

test('a folder or a log that cannot be written is refused', async () => {
  const file = join(folder, 'a-file')
  writeFileSync(file, '')
  const noFolder = await reproduce('--seeds', '1', '--out', join(file, 'inside'))
  assert.is(noFolder.code, 2)
  assert.match(noFolder.stderr, /out: expected a folder that can be written to, got ".*inside" \(/)
  const noLog = await reproduce('--seeds', '1', '--database', folder, ...out('other'))
  assert.is(noLog.code, 1)
  assert.match(noLog.stderr, /linear-regions: database: .*\n$/)
})

test('--force is for the log of --out alone, and never deletes a run that is alive', async () => {
  const elsewhere = await reproduce('--force', '--database', join(folder, 'x.db'), ...out('forced'))
  assert.is(elsewhere.code, 2)
  assert.match(elsewhere.stderr, 'force: expected it without --database')
  const path = join(folder, 'alive/reproduce.db')
  mkdirSync(join(folder, 'alive'))
  const log = await openLog(path)
  await log.startRun(sampleRun())
  const {code, stderr} = await reproduce('--seeds', '1', '--force', ...out('alive'))
  assert.is(code, 1)
  assert.match(stderr, /force: run "sample" \(.*\) is still alive/)
  assert.is((await log.db.selectFrom('runs').selectAll().execute()).length, 1)
  await log.close()
})

test('--force never deletes what is no log of ours', async () => {
  const path = join(folder, 'first/reproduce.db')
  writeFileSync(path, 'my diary')
  const {code, stderr} = await reproduce('--seeds', '1', '--force', ...out('first'))
  assert.is(code, 1)
  assert.match(stderr, 'reproduce.db')
  assert.is(readFileSync(path, 'utf8'), 'my diary')
})

test('an interruption closes the run as failed, and keeps its snapshots', async () => {
  const interruption = new AbortController()
  const timer = setInterval(async () => {
    const path = join(folder, 'interrupted/reproduce.db')
    if (!existsSync(path)) return
    const written = await read(path, ({db}) =>
      db.selectFrom('snapshots').select('step').where('step', '>', 0).execute(),
    ).catch(() => [])
    if (written.length > 0) interruption.abort(new Error('interrupted'))
  }, 20)
  const original = Math.random
  const words = ['--seeds', '1,2', '--epochs', '1000', ...out('interrupted')]
  const {code, stderr} = await runCaptured(
    [
      'reproduce',
      ...small.filter((word, at) => word !== '--epochs' && small[at - 1] !== '--epochs'),
      ...words,
    ],
    {signal: interruption.signal},
  )
  clearInterval(timer)
  assert.is(code, 1)
  assert.match(stderr, /linear-regions: interrupted\n$/)
  assert.is(Math.random, original)
  const rows = await read(join(folder, 'interrupted/reproduce.db'), ({db}) =>
    db.selectFrom('runs').select(['status', 'error']).execute(),
  )
  assert.equal(rows, [{status: 'failed', error: 'interrupted'}])
})

test('a dry run, too, says that convolutions cannot be trained before it tries any network', async () => {
  const others = small.filter((word, at) => word !== '--controls' && small[at - 1] !== '--controls')
  const words = ['--controls', 'cnn', '--dry-run', ...out('dry')]
  const {code, stdout, stderr} = await runCaptured(['reproduce', ...others, ...words])
  assert.is(code, 2, stderr)
  assert.match(stderr, /controls: "cnn" needs a backend that trains convolutions, which wasm/)
  assert.not.match(stderr, 'trying')
  assert.match(stdout, '│ cnn ')
})

test('wrong use is refused before anything is trained', async () => {
  const cases: [words: string[], message: RegExp][] = [
    [['--groups', 'train,trian'], /groups: "trian" is no group/],
    [['--radii', 'median*2'], /radii: expected numbers above 0 or rules/],
    [['--methods', 'magic'], /methods: expected one of 'spectral'.*got "magic"/],
    [['--seeds', '1,2,1,3,2'], /seeds: expected each once, got 1, 2 more than once/],
    [['--width', '9', '9'], /width: expected each once, got 9 more than once/],
    [['--depth', '2,2'], /depth: expected each once, got 2 more than once/],
    [
      ['--controls', 'sgd,sgd', '--seeds', '1'],
      /controls: expected each once, got sgd more than once/,
    ],
    [['--countings', 'guess'], /countings: expected one of 'product', 'flats', got "guess"/],
    [['--measures', 'foo'], /measures: expected 'distance'.*got "foo"/],
    [['--chosen-measures', 'foo'], /chosen-measures: expected 'distance'.*got "foo"/],
    [['--chosen-measures', 'bound'], /chosen-measures: "bound" is given twice/],
    [['--cnn-radii', 'foo'], /cnn-radii: expected numbers above 0 or rules/],
    [['--controls', 'cnn'], /controls: "cnn" needs a backend that trains convolutions, which wasm/],
    [['--shard', '3/2'], /shard: expected NUMBER\/COUNT.*got "3\/2"/],
    [['--preset', 'full'], /data: expected a folder with the IDX files/],
    [['--train-size', '2001'], /train-size: expected .*got/],
    [['--data', join(folder, 'nowhere')], /data: expected a folder of IDX files/],
    [['--seeds', '-1'], /seeds: expected a whole number of at least 0, got "-1"/],
    [
      ['--backend', 'tpu'],
      /backend: expected one of tfjs-node-gpu, tfjs-node, webgpu, wasm, cpu, got "tpu"/,
    ],
  ]
  for (const [index, [words, message]] of cases.entries()) {
    const option = words[0]!
    const others = small.filter((word, at) => word !== option && small[at - 1] !== option)
    const {code, stderr} = await runCaptured([
      'reproduce',
      ...others,
      ...words,
      ...out(`wrong-${index}`),
    ])
    assert.match(stderr, message)
    assert.is(code, 2, stderr)
    assert.not.match(stderr, /\d runs?\n/)
    assert.not(existsSync(join(folder, `wrong-${index}`)))
  }
})

test.run()

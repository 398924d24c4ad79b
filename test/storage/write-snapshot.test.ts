import * as assert from 'uvu/assert'
import type {Log, Snapshot} from '../../storage/index.js'
import {databaseSuite} from '../support/databases.js'
import {rejects} from '../support/rejects.js'
import {rowCounts, sampleRun, sampleSnapshot, withLog} from './sample.js'

const writing = databaseSuite('writing a snapshot')

const withRun = (work: (log: Log, runId: string) => Promise<void>) =>
  withLog(async (log) => work(log, await log.startRun(sampleRun())))

writing('gives back every number that was measured', () =>
  withRun(async (log, runId) => {
    const snapshot = sampleSnapshot(3)
    await log.writeSnapshot(runId, snapshot)
    const {points, distances, bounds, measurements} = snapshot

    const logged = await log.db.selectFrom('points').selectAll().orderBy('point').execute()
    assert.equal(
      logged.map(({point_group, slot, origin_index, label}) => {
        return {group: point_group, slot, originIndex: origin_index, label}
      }),
      [...points],
    )
    const known = (indices: Int32Array) => Array.from(indices, (i) => (i === -1 ? null : i))
    for (const {norm, distance, layer, unit} of distances) {
      const rows = await log.db
        .selectFrom('distances')
        .select(['distance', 'layer', 'unit'])
        .where('norm', '=', norm)
        .orderBy('point')
        .execute()
      assert.equal(
        rows.map((row) => row.distance),
        [...distance],
      )
      assert.equal(
        rows.map((row) => row.layer),
        known(layer),
      )
      assert.equal(
        rows.map((row) => row.unit),
        known(unit),
      )
    }
    for (const {method, rule, radius, log2Regions, unstable, active} of bounds) {
      const rows = await log.db
        .selectFrom('bounds')
        .selectAll()
        .where('method', '=', method)
        .where('radius_rule', '=', rule)
        .orderBy('point')
        .execute()
      assert.equal(
        rows.map((row) => row.radius),
        [...radius],
      )
      assert.equal(
        rows.map((row) => row.log2_regions),
        [...log2Regions],
      )
      const sums = rows.map((_, point) => unstable[0]![point]! + unstable[1]![point]!)
      assert.equal(
        rows.map((row) => row.unstable),
        sums,
      )
      for (const layer of [0, 1]) {
        const counts = await log.db
          .selectFrom('layer_bounds')
          .select(['unstable', 'active'])
          .where('method', '=', method)
          .where('radius_rule', '=', rule)
          .where('layer', '=', layer)
          .orderBy('point')
          .execute()
        assert.equal(
          counts.map((row) => row.unstable),
          [...unstable[layer]!],
        )
        assert.equal(
          counts.map((row) => row.active),
          [...active[layer]!],
        )
      }
    }
    for (const {measure, rule, value} of measurements) {
      const rows = await log.db
        .selectFrom('measurements')
        .select(['radius_rule', 'value'])
        .where('measure', '=', measure)
        .orderBy('point')
        .execute()
      assert.equal(
        rows.map((row) => row.value),
        [...value],
      )
      assert.ok(rows.every((row) => row.radius_rule === rule))
    }
    const timings = await log.db.selectFrom('timings').selectAll().orderBy('measure').execute()
    assert.equal(
      timings.map(({measure, ms}) => [measure, ms]),
      [
        ['bound', 2],
        ['distance', 1.5],
      ],
    )
  }),
)

writing('describes the moment', () =>
  withRun(async (log, runId) => {
    const metrics = {acc: 0.5, perplexity: Infinity}
    const skipped = [{measure: 'bound', rule: '0.1'}]
    const partial = {status: 'partial', reason: 'budgetMs', skipped, metrics} as const
    await log.writeSnapshot(runId, sampleSnapshot(3, partial))
    const row = await log.db.selectFrom('snapshots').selectAll().executeTakeFirstOrThrow()
    const {id, recorded_at, ...rest} = row
    assert.type(id, 'number')
    assert.is(new Date(recorded_at).toISOString(), recorded_at)
    assert.equal(rest, {
      run_id: runId,
      step: 3,
      epoch: 0.3,
      loss: 0.25,
      loss_scope: 'batch',
      metrics: '{"acc":0.5,"perplexity":"Infinity"}',
      status: 'partial',
      reason: 'budgetMs',
      skipped: JSON.stringify(skipped),
      train_ms: 12.5,
      measure_ms: 3.5,
    })
  }),
)

writing('keeps the points themselves where asked, as float32', () =>
  withRun(async (log, runId) => {
    const all = Float32Array.of(9, 0.1, -2, 1e-30)
    const points = [{group: 'train', slot: 0, input: all.subarray(1)}]
    const empty = {points, distances: [], bounds: [], measurements: []}
    await log.writeSnapshot(runId, sampleSnapshot(0, empty))
    const {input} = await log.db.selectFrom('points').select('input').executeTakeFirstOrThrow()
    const bytes = Buffer.from(input!)
    assert.is(bytes.length, 12)
    const read = [0, 4, 8].map((offset) => bytes.readFloatLE(offset))
    assert.equal(read, [...all.subarray(1)])
  }),
)

writing('takes a failed snapshot with points and no values, or nothing at all', () =>
  withRun(async (log, runId) => {
    const failed = {status: 'failed', reason: 'NaN in layer first', loss: null} as const
    const none = {distances: [], bounds: [], measurements: [], timings: {}}
    await log.writeSnapshot(runId, sampleSnapshot(0, {...failed, ...none}))
    await log.writeSnapshot(runId, sampleSnapshot(1, {...failed, ...none, points: []}))
    const counts = await rowCounts(log)
    assert.equal([counts.snapshots, counts.points, counts.summaries], [2, 20, 0])
  }),
)

writing('replaces the snapshot of the same step, and no other', () =>
  withRun(async (log, runId) => {
    const other = await log.startRun(sampleRun({name: 'other'}))
    await log.writeSnapshot(other, sampleSnapshot(5))
    await log.writeSnapshot(runId, sampleSnapshot(4))
    await log.writeSnapshot(runId, sampleSnapshot(5))
    const before = await rowCounts(log)
    await log.writeSnapshot(runId, sampleSnapshot(5, {loss: 77}))
    assert.equal(await rowCounts(log), before)
    const rows = await log.db.selectFrom('snapshots').select(['run_id', 'step', 'loss']).execute()
    assert.equal(
      rows.filter(({loss}) => loss === 77),
      [{run_id: runId, step: 5, loss: 77}],
    )
    assert.is(rows.length, 3)
  }),
)

writing('that fails half way leaves what was there before', () =>
  withRun(async (log, runId) => {
    await log.writeSnapshot(runId, sampleSnapshot(5, {loss: 1}))
    const before = await rowCounts(log)
    const [measurement] = sampleSnapshot(5).measurements
    const twice = {loss: 2, measurements: [measurement!, measurement!]}
    await rejects(log.writeSnapshot(runId, sampleSnapshot(5, twice)), /unique/i)
    await rejects(log.writeSnapshot(runId, sampleSnapshot(6, twice)), /unique/i)
    assert.equal(await rowCounts(log), before)
    const left = await log.db.selectFrom('snapshots').select(['step', 'loss']).execute()
    assert.equal(left, [{step: 5, loss: 1}])
  }),
)

const at = (values: Float64Array, point: number) => {
  values[point] = Number.NaN
  return {}
}
const spoilt: [string, (snapshot: Snapshot) => Partial<Snapshot>][] = [
  ['distances.distance', ({distances}) => at(distances[1]!.distance, 4)],
  ['bounds.radius', ({bounds}) => at(bounds[2]!.radius, 4)],
  ['bounds.log2_regions', ({bounds}) => at(bounds[2]!.log2Regions, 19)],
  ['measurements.value', ({measurements}) => at(measurements[1]!.value, 0)],
  ['snapshots.loss', () => ({loss: Number.NaN})],
  ['snapshots.epoch', () => ({epoch: Number.NaN})],
  ['snapshots.train_ms', () => ({trainMs: Number.NaN})],
  ['snapshots.measure_ms', () => ({measureMs: Number.NaN})],
  ['snapshots.metrics', () => ({metrics: {acc: Number.NaN}})],
  ['snapshots.skipped', () => ({skipped: [Number.NaN]})],
  ['timings.ms', () => ({timings: {bound: Number.NaN}})],
  ['points.label', ({points}) => ({points: points.map((point) => ({...point, label: NaN}))})],
  [
    'points.input',
    ({points}) => ({points: points.map((point) => ({...point, input: Float32Array.of(NaN)}))}),
  ],
]
for (const [column, spoil] of spoilt) {
  writing(`refuses NaN in ${column}`, () =>
    withRun(async (log, runId) => {
      const snapshot = sampleSnapshot(0)
      const changes = spoil(snapshot)
      const {message} = await rejects(log.writeSnapshot(runId, {...snapshot, ...changes}), /NaN/)
      assert.ok(message.startsWith(`${column}: expected`), message)
      assert.is((await rowCounts(log)).snapshots, 0)
    }),
  )
}

writing('refuses arrays that do not have one number a point', () =>
  withRun(async (log, runId) => {
    const snapshot = sampleSnapshot(0)
    const shorter = snapshot.points.slice(1)
    await rejects(
      log.writeSnapshot(runId, {...snapshot, points: shorter}),
      /^distances.distance: expected one number for each of the 19 points, got 20 \(linf\)/,
    )
    const [bounds] = snapshot.bounds
    const uneven = [{...bounds!, active: bounds!.active.slice(1)}]
    await rejects(log.writeSnapshot(runId, {...snapshot, bounds: uneven}), /^layer_bounds.active/)
  }),
)

writing('refuses a run that is not in the log', () =>
  withRun(async (log) => {
    await rejects(log.writeSnapshot('nobody', sampleSnapshot(0)), /^runId: .*"nobody"/)
    assert.is((await rowCounts(log)).snapshots, 0)
  }),
)

writing('takes more values than one statement can bind', () =>
  withRun(async (log, runId) => {
    const size = {points: 6000, layers: 1, rules: ['nearest*1', 'nearest*2', 'nearest*3']}
    const snapshot = sampleSnapshot(0, {}, size)
    const reals = 2 * snapshot.bounds.length * size.points
    assert.ok(reals > 32766)
    await log.writeSnapshot(runId, snapshot)
    const {n, sum} = await log.db
      .selectFrom('bounds')
      .select((row) => [row.fn.countAll<number>().as('n'), row.fn.sum<number>('radius').as('sum')])
      .executeTakeFirstOrThrow()
    assert.is(n, 36000)
    const radii = snapshot.bounds.flatMap(({radius}) => [...radius])
    assert.ok(Math.abs(sum / radii.reduce((total, radius) => total + radius, 0) - 1) < 1e-12)
  }),
)

writing('writes the layers of a method once, however its units are counted', () =>
  withRun(async (log, runId) => {
    const [product] = sampleSnapshot(0).bounds
    const bounds = [product!, {...product!, counting: 'flats'}]
    await log.writeSnapshot(runId, sampleSnapshot(0, {bounds}))
    const counts = await rowCounts(log)
    assert.equal([counts.bounds, counts.layer_bounds], [40, 40])
  }),
)

writing('takes several at once', () =>
  withRun(async (log, runId) => {
    await Promise.all([1, 2, 3, 4].map((step) => log.writeSnapshot(runId, sampleSnapshot(step))))
    assert.is((await rowCounts(log)).points, 80)
  }),
)

writing('that is under way is finished before the log closes', () =>
  withRun(async (log, runId) => {
    const written = log.writeSnapshot(runId, sampleSnapshot(1))
    await Promise.all([log.close(), written])
    await rejects(log.writeSnapshot(runId, sampleSnapshot(2)), /was closed/)
  }),
)

writing.run()

import {sql} from 'kysely'
import * as assert from 'uvu/assert'
import {quantiles} from '../../storage/index.js'
import {databaseSuite} from '../support/databases.js'
import {near} from '../support/near.js'
import {sampleRun, sampleSnapshot, withLog} from './sample.js'

const summaries = databaseSuite('summaries')

summaries('take quantiles by nearest rank', () => {
  const hundred = Float64Array.from({length: 100}, (_, index) => 100 - index)
  const {n, min, q10, q25, median, q75, q90, max, mean} = quantiles(hundred)
  assert.equal([n, min, q10, q25, median, q75, q90, max], [100, 1, 10, 25, 50, 75, 90, 100])
  assert.is(mean, 50.5)
  const four = quantiles(Float64Array.of(3, 1, 4, 2))
  assert.equal([four.q10, four.q25, four.median, four.q75, four.q90], [1, 1, 2, 3, 4])
  const one = quantiles(Float64Array.of(7))
  assert.equal([one.min, one.q10, one.median, one.max, one.mean], [7, 7, 7, 7, 7])
})

summaries('keep infinity as it is', () => {
  const some = quantiles(Float64Array.of(Infinity, 1, 2, Infinity))
  assert.equal([some.median, some.q75, some.max, some.mean], [2, Infinity, Infinity, Infinity])
  assert.is(quantiles(Float64Array.of(-Infinity, Infinity)).mean, null)
})

summaries('leave the values alone', () => {
  const values = Float64Array.of(3, 1, 2)
  quantiles(values)
  assert.equal([...values], [3, 1, 2])
})

// the same numbers, by SQL from the raw rows: rank p of n is (p n + 99) / 100, rounded down
const recomputed = sql`
  with raw as (
    select snapshot_id, point, 'distance' measure, norm, '' method, '' counting, '' radius_rule,
      distance value from distances
    union all
    select snapshot_id, point, 'bound', '', method, counting, radius_rule, log2_regions from bounds
    union all
    select snapshot_id, point, measure, '', '', '', radius_rule, value from measurements
    where measure <> 'predicted'
  ), ranked as (
    select raw.*, point_group,
      row_number() over (set_of order by value) rank, count(*) over set_of n
    from raw join points using (snapshot_id, point)
    window set_of as (
      partition by snapshot_id, point_group, measure, norm, method, counting, radius_rule)
  )
  select snapshot_id, point_group, measure, norm, method, counting, radius_rule, count(*) n,
    min(value) min,
    max(value) filter (where rank = (10 * ranked.n + 99) / 100) q10,
    max(value) filter (where rank = (25 * ranked.n + 99) / 100) q25,
    max(value) filter (where rank = (50 * ranked.n + 99) / 100) median,
    max(value) filter (where rank = (75 * ranked.n + 99) / 100) q75,
    max(value) filter (where rank = (90 * ranked.n + 99) / 100) q90,
    max(value) max, avg(value) mean
  from ranked
  group by snapshot_id, point_group, measure, norm, method, counting, radius_rule
  order by 1, 2, 3, 4, 5, 6, 7`

summaries('of a log equal what SQL finds in its raw rows', () =>
  withLog(async (log) => {
    const runId = await log.startRun(sampleRun())
    await log.writeSnapshot(runId, sampleSnapshot(0))
    await log.writeSnapshot(runId, sampleSnapshot(1, {}, {points: 37}))
    await log.writeSnapshot(runId, sampleSnapshot(2, {}, {points: 3}))
    const stored = await sql`select * from summaries order by 1, 2, 3, 4, 5, 6, 7`.execute(log.db)
    const expected = await recomputed.execute(log.db)
    const numbersOf = (rows: unknown[]) =>
      rows.flatMap((row) =>
        Object.values(row as object).filter((value) => typeof value === 'number'),
      )
    const textsOf = (rows: unknown[]) =>
      rows.map((row) => Object.values(row as object).filter((value) => typeof value === 'string'))
    assert.equal(textsOf(stored.rows), textsOf(expected.rows))
    // 2 groups x (2 norms + 4 bounds + 1 measurement) x 3 snapshots
    assert.is(stored.rows.length, 42)
    near(numbersOf(stored.rows), numbersOf(expected.rows), {relative: 1e-12})
    assert.ok(numbersOf(stored.rows).includes(Infinity))
  }),
)

summaries.run()

import {sql} from 'kysely'
import type {Log} from '../../storage/log.js'
import {loadNames, loadRunName, loadSize, loadSnapshot} from './log-load-data.js'

/** Which snapshots there should be. */
export interface ExpectedLoad {
  readonly writers: number
  /** Of each writer. */
  readonly snapshots: number
}

type Table = 'points' | 'distances' | 'bounds' | 'layer_bounds'

/** Of each table: the rows of a point, and which keys these may have besides the point's. */
function expectedRows() {
  const {radii, methods, layers} = loadSize
  const isMethod = sql`method in (${sql.join(loadNames.methods)})`
  const isBound = sql`${isMethod} and radius_rule in (${sql.join(loadNames.rules)})`
  return {
    points: {each: 1, isExpected: sql`slot = point % ${sql.lit(loadSize.points / 2)}`},
    distances: {each: 1, isExpected: sql`norm = 'l2'`},
    bounds: {each: radii * methods, isExpected: sql`${isBound} and counting = 'product'`},
    layer_bounds: {
      each: radii * methods * layers,
      isExpected: sql`${isBound} and layer between 0 and ${sql.lit(layers - 1)}`,
    },
  }
}

/**
 * That every snapshot of every writer is there once, as that writer wrote it, and no other; and that
 * each has every row, once. The tables' primary keys leave no two rows of one key, so that a point
 * has all of its rows if it has as many as there are keys, each with a key that is one of them.
 *
 * ```ts
 * await checkLoad(log, {writers: 16, snapshots: 50})
 * ```
 *
 * @throws Error that names the first run, snapshot or table where that is not so
 */
export async function checkLoad(log: Log, {writers, snapshots}: ExpectedLoad): Promise<void> {
  const writerOf = new Map(Array.from({length: writers}, (_, n) => [loadRunName(n), n]))
  const found = await log.db
    .selectFrom('runs')
    .leftJoin('snapshots', 'snapshots.run_id', 'runs.id')
    .select(['runs.name', 'runs.status as ended', 'snapshots.id', 'snapshots.step'])
    .select('snapshots.status')
    .execute()
  const places = new Map<number, string>()
  const writerOfSnapshot = new Map<number, number>()
  const seen = new Set<string>()
  for (const {name, ended, id, step, status} of found) {
    const place = `${name}, step ${step}`
    const isKnown = writerOf.has(name) && ended === 'finished' && status === 'complete'
    if (!isKnown || step! < 0 || step! >= snapshots) {
      throw new Error(`the load: ${place} (run ${ended}, snapshot ${status}) should not be there`)
    }
    if (seen.has(place)) throw new Error(`the load: ${place} is there twice`)
    seen.add(place)
    places.set(id!, place)
    writerOfSnapshot.set(id!, writerOf.get(name)!)
  }
  if (seen.size !== writers * snapshots) {
    throw new Error(`the load: expected ${writers * snapshots} snapshots, found ${seen.size}`)
  }
  for (const table of ['points', 'distances', 'bounds', 'layer_bounds'] as const) {
    await checkTable(log, table, places)
  }
  await checkValues(log, writerOfSnapshot, places)
}

async function checkTable({db}: Log, table: Table, places: ReadonlyMap<number, string>) {
  const {each, isExpected} = expectedRows()[table]
  const {rows} = await sql<{id: number; [count: string]: number}>`
    select snapshot_id as id, count(*) as points, min(point) as first, max(point) as last,
      min(n) as fewest, max(n) as most, min(known) as known
    from (
      select snapshot_id, point, count(*) as n,
        sum(case when ${isExpected} then 1 else 0 end) as known
      from ${sql.table(table)} group by snapshot_id, point
    ) as each_point
    group by snapshot_id`.execute(db)
  const {points} = loadSize
  const range = {points, first: 0, last: points - 1}
  const expected = JSON.stringify({...range, fewest: each, most: each, known: each})
  for (const {id, ...counts} of rows) {
    const got = JSON.stringify(counts)
    if (got !== expected) throw new Error(wrong(places.get(id)!, `${table} ${expected}`, got))
  }
  const complete = new Set(rows.map(({id}) => id))
  for (const [id, place] of places) {
    if (!complete.has(id)) throw new Error(wrong(place, `${table} ${expected}`, 'none'))
  }
}

/** A snapshot with somebody else's numbers has the right keys, too. */
async function checkValues(
  {db}: Log,
  writerOf: ReadonlyMap<number, number>,
  places: ReadonlyMap<number, string>,
) {
  const rangeOf = new Map<number, string>()
  const rows = await db
    .selectFrom('distances')
    .select(({fn}) => [
      'snapshot_id',
      fn.min('distance').as('least'),
      fn.max('distance').as('greatest'),
    ])
    .groupBy('snapshot_id')
    .execute()
  for (const {snapshot_id, least, greatest} of rows) {
    const writer = writerOf.get(snapshot_id)!
    if (!rangeOf.has(writer)) {
      const distances = loadSnapshot(writer).distances[0]!.distance as Float64Array
      rangeOf.set(writer, `${Math.min(...distances)} to ${Math.max(...distances)}`)
    }
    const got = `${least} to ${greatest}`
    const expected = rangeOf.get(writer)
    if (got !== expected) {
      throw new Error(wrong(places.get(snapshot_id)!, `distances from ${expected}`, got))
    }
  }
}

function wrong(place: string, expected: string, got: string): string {
  return `the load: ${place}: expected ${expected}, got ${got}`
}

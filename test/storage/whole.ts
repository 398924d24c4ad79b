import {sql} from 'kysely'
import * as assert from 'uvu/assert'
import type {Log} from '../../storage/index.js'

/** Rows that belong to one snapshot, table by table. */
export type SnapshotSize = Readonly<Record<string, number>>

/** What a `sampleSnapshot` has. */
export const sampleSize: SnapshotSize = {
  points: 20,
  distances: 40,
  bounds: 80,
  layer_bounds: 160,
  measurements: 40,
  timings: 2,
  summaries: 14,
}

/** Every complete snapshot of the log has that size, and SQLite finds nothing wrong. */
export async function checkWhole({db, path}: Log, size: SnapshotSize): Promise<void> {
  // PostgreSQL holds to its foreign keys whoever writes
  if (!path.startsWith('postgres')) {
    const integrity = await sql`pragma integrity_check`.execute(db)
    assert.equal(integrity.rows, [{integrity_check: 'ok'}])
    assert.equal((await sql`pragma foreign_key_check`.execute(db)).rows, [])
  }
  const {rows} = await sql<Record<string, number>>`
    select
      (select count(*) from points where snapshot_id = id) points,
      (select count(*) from distances where snapshot_id = id) distances,
      (select count(*) from bounds where snapshot_id = id) bounds,
      (select count(*) from layer_bounds where snapshot_id = id) layer_bounds,
      (select count(*) from measurements where snapshot_id = id) measurements,
      (select count(*) from timings where snapshot_id = id) timings,
      (select count(*) from summaries where snapshot_id = id) summaries
    from snapshots where status = 'complete'`.execute(db)
  for (const row of rows) assert.equal(row, size)
}

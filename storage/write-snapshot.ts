import type {Insertable, Kysely} from 'kysely'
import {checkSnapshot} from './check-snapshot.js'
import type {LogDialect} from './dialect.js'
import {toJson} from './json.js'
import {giveSign} from './runs.js'
import type {Database, SnapshotsTable} from './schema.js'
import type {Snapshot} from './snapshot.js'
import {snapshotTables} from './snapshot-rows.js'

/**
 * Writes a snapshot in one transaction: all of it or nothing. An earlier snapshot of the same run
 * and step goes. The run gets a sign of life.
 *
 * @throws LogError for NaN, for arrays that do not fit the points, and for an unknown run;
 * TakenOverError where the run is another process's by now
 */
export async function writeSnapshot(
  db: Kysely<Database>,
  dialect: LogDialect,
  runId: string,
  snapshot: Snapshot,
): Promise<void> {
  checkSnapshot(snapshot)
  const row = snapshotRow(runId, snapshot)
  await db.transaction().execute(async (transaction) => {
    await giveSign(transaction, dialect, runId)
    await transaction
      .deleteFrom('snapshots')
      .where('run_id', '=', runId)
      .where('step', '=', snapshot.step)
      .execute()
    const {id} = await transaction
      .insertInto('snapshots')
      .values(row)
      .returning('id')
      .executeTakeFirstOrThrow()
    for (const rows of snapshotTables(id, snapshot)) await dialect.insert(transaction, rows)
  })
}

function snapshotRow(runId: string, snapshot: Snapshot): Insertable<SnapshotsTable> {
  const {metrics, skipped} = snapshot
  return {
    run_id: runId,
    step: snapshot.step,
    epoch: snapshot.epoch,
    recorded_at: new Date().toISOString(),
    loss: snapshot.loss ?? null,
    loss_scope: snapshot.lossScope ?? null,
    metrics: metrics ? toJson(metrics, 'snapshots.metrics') : null,
    status: snapshot.status,
    reason: snapshot.reason ?? null,
    skipped: skipped == null ? null : toJson(skipped, 'snapshots.skipped'),
    train_ms: snapshot.trainMs ?? null,
    measure_ms: snapshot.measureMs ?? null,
  }
}

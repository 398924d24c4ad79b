import {type Kysely, sql} from 'kysely'
import type {LogDialect} from './dialect.js'
import type {Database} from './schema.js'

const names = ['distance_summary', 'bound_summary', 'timeline'] as const

const quantiles = [
  'summaries.n',
  'summaries.min',
  'summaries.q10',
  'summaries.q25',
  'summaries.median',
  'summaries.q75',
  'summaries.q90',
  'summaries.max',
  'summaries.mean',
] as const

/** A migration may change what a view shows, so all views go before it and are made after it. */
export async function dropViews({schema}: Kysely<Database>): Promise<void> {
  for (const name of names) await schema.dropView(name).ifExists().execute()
}

/** The views of a log: `distance_summary`, `bound_summary`, `timeline`. */
export async function createViews(db: Kysely<Database>, dialect: LogDialect): Promise<void> {
  const [distanceSummary, boundSummary, timeline] = names
  await db.schema
    .createView(distanceSummary)
    .as(
      summaries(db)
        .where('summaries.measure', '=', sql.lit('distance'))
        .select('summaries.norm')
        .select(quantiles),
    )
    .execute()
  await db.schema
    .createView(boundSummary)
    .as(
      summaries(db)
        .where('summaries.measure', '=', sql.lit('bound'))
        .select(['summaries.method', 'summaries.counting', 'summaries.radius_rule'])
        .select(quantiles),
    )
    .execute()
  await db.schema.createView(timeline).as(moments(db, dialect)).execute()
}

/**
 * A run's status as one should read it: `abandoned` where it says `running` but its last sign of
 * life is older than three intervals.
 *
 * ```ts
 * const dialect = log.dialect
 * await log.db.selectFrom('runs').select(['name', runStatus(dialect).as('status')]).execute()
 * ```
 */
export function runStatus(dialect: LogDialect) {
  const isSilent = sql`${dialect.secondsSince('runs.heartbeat_at')} > 3 * runs.heartbeat_every`
  return sql<'running' | 'finished' | 'failed' | 'abandoned'>`
    case when runs.status = 'running' and ${isSilent} then 'abandoned' else runs.status end`
}

function summaries(db: Kysely<Database>) {
  return db
    .selectFrom('summaries')
    .innerJoin('snapshots', 'snapshots.id', 'summaries.snapshot_id')
    .innerJoin('runs', 'runs.id', 'snapshots.run_id')
    .select(['runs.id as run_id', 'runs.name as run', 'snapshots.step', 'snapshots.epoch'])
    .select(['summaries.snapshot_id', 'summaries.point_group'])
}

function moments(db: Kysely<Database>, dialect: LogDialect) {
  return db
    .selectFrom('snapshots')
    .innerJoin('runs', 'runs.id', 'snapshots.run_id')
    .select(['runs.id as run_id', 'runs.name as run', runStatus(dialect).as('run_status')])
    .select(['snapshots.id as snapshot_id', 'snapshots.step', 'snapshots.epoch'])
    .select(['snapshots.recorded_at', 'snapshots.loss', 'snapshots.loss_scope'])
    .select(['snapshots.metrics', 'snapshots.status', 'snapshots.reason'])
    .select(['snapshots.train_ms', 'snapshots.measure_ms'])
}

import {type Kysely, type Selectable, sql, type Transaction} from 'kysely'
import type {LogDialect} from './dialect.js'
import type {Cell} from './insert-rows.js'
import type {OpenDatabase} from './open-database.js'
import {insertRun, type RunRows, readRun} from './runs.js'
import type {Database, RunRow, SnapshotsTable} from './schema.js'

/** Tables whose rows hang on a snapshot, points before what refers to them. */
const tables = [
  'points',
  'distances',
  'bounds',
  'layer_bounds',
  'measurements',
  'summaries',
  'timings',
] as const

type Row = Selectable<SnapshotsTable>

/** What became of the snapshots of a run. */
export interface Copied {
  readonly copied: number
  /** Those that were there already, the same or a newer one of the step. */
  readonly known: number
}

/**
 * Copies a run with all its snapshots from one log to another. Copying again changes nothing: of a
 * run's row the one with the later sign of life counts, of the snapshots of a step the one that was
 * recorded last, and what lies beyond the step at which a run was resumed later is left out.
 *
 * Each snapshot is one transaction, so that whoever reads meanwhile sees whole ones, and copying
 * that was broken off goes on where it was.
 *
 * @param each is told of every snapshot that was looked at
 */
export async function copyRun(
  from: OpenDatabase,
  to: OpenDatabase,
  runId: string,
  each: () => void = () => undefined,
): Promise<Copied> {
  const rows = await readRun(from.db, runId)
  if (!rows) return {copied: 0, known: 0}
  const resumptions = await putRun(to, rows)
  const snapshots = await from.db
    .selectFrom('snapshots')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('step')
    .execute()
  let copied = 0
  for (const snapshot of snapshots) {
    if (!isStale(snapshot, resumptions) && (await copySnapshot(from, to, snapshot))) copied++
    each()
  }
  return {copied, known: snapshots.length - copied}
}

/** Copies one snapshot, unless the same or a newer one of its step is there; true: it was copied. */
export async function copySnapshot(
  from: OpenDatabase,
  {db, dialect}: OpenDatabase,
  {id: oldId, ...snapshot}: Row,
): Promise<boolean> {
  if (await isKnown(db, snapshot)) return false
  const contents: {table: (typeof tables)[number]; rows: Record<string, Cell>[]}[] = []
  for (const table of tables) contents.push({table, rows: await rowsOf(from.db, table, oldId)})
  return await db.transaction().execute(async (transaction) => {
    await lockRun(transaction, dialect, snapshot.run_id)
    // asked again, now that nobody else can write to the run
    if (await isKnown(transaction, snapshot)) return false
    await transaction
      .deleteFrom('snapshots')
      .where('run_id', '=', snapshot.run_id)
      .where('step', '=', snapshot.step)
      .execute()
    const {id} = await transaction
      .insertInto('snapshots')
      .values(snapshot)
      .returning('id')
      .executeTakeFirstOrThrow()
    for (const {table, rows} of contents) {
      if (rows.length === 0) continue
      const columns = Object.keys(rows[0]!)
      const cells = rows.map((row) =>
        columns.map((name) => (name === 'snapshot_id' ? id : row[name]!)),
      )
      await dialect.insert(transaction, {table, columns, rows: cells})
    }
    return true
  })
}

/** Writes a run's rows, or brings its row up to date; gives where it was resumed, of all that is known. */
export async function putRun({db, dialect}: OpenDatabase, rows: RunRows): Promise<Resumption[]> {
  return await db.transaction().execute(async (transaction) => {
    const {run} = rows
    const known = await lockRun(transaction, dialect, run.id)
    if (!known) {
      await insertRun(transaction, rows)
      return resumptionsOf(run)
    }
    if (known.heartbeat_at >= run.heartbeat_at) return resumptionsOf(known)
    await transaction.updateTable('runs').set(run).where('id', '=', run.id).execute()
    const resumptions = resumptionsOf(run)
    for (const {at, step} of resumptions) {
      await transaction
        .deleteFrom('snapshots')
        .where('run_id', '=', run.id)
        .where('step', '>', step)
        .where('recorded_at', '<', at)
        .execute()
    }
    return resumptions
  })
}

interface Resumption {
  /** Time. */
  readonly at: string
  /** Where the run went on: what had been recorded beyond it by then does not count. */
  readonly step: number
}

function resumptionsOf({environment}: RunRow): Resumption[] {
  return JSON.parse(environment).resumed ?? []
}

function isStale({step, recorded_at}: Row, resumptions: readonly Resumption[]): boolean {
  return resumptions.some((resumed) => step > resumed.step && recorded_at < resumed.at)
}

async function lockRun(
  transaction: Transaction<Database>,
  dialect: LogDialect,
  runId: string,
): Promise<RunRow | undefined> {
  const all = transaction.selectFrom('runs').selectAll().where('id', '=', runId)
  return await all.$call(dialect.forUpdate).executeTakeFirst()
}

async function isKnown(db: Kysely<Database>, {run_id, step, recorded_at}: Omit<Row, 'id'>) {
  const known = await db
    .selectFrom('snapshots')
    .select('recorded_at')
    .where('run_id', '=', run_id)
    .where('step', '=', step)
    .executeTakeFirst()
  return known !== undefined && known.recorded_at >= recorded_at
}

async function rowsOf(db: Kysely<Database>, table: (typeof tables)[number], id: number) {
  // in the order in which they are kept, so that storing them only ever appends
  const order = {
    points: ['point'],
    distances: ['point', 'norm'],
    bounds: ['point', 'method', 'counting', 'radius_rule'],
    layer_bounds: ['point', 'method', 'radius_rule', 'layer'],
    measurements: ['point', 'measure', 'radius_rule'],
    summaries: ['point_group', 'measure'],
    timings: ['measure'],
  }[table]
  const {rows} = await sql<Record<string, Cell>>`
    select * from ${sql.table(table)} where snapshot_id = ${id}
    order by ${sql.join(order.map((column) => sql.ref(column)))}`.execute(db)
  return rows
}

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
 * run's row the one with the later sign of life counts, but one that was resumed counts before one
 * that does not know of it; of the snapshots of a step the one that was recorded last; and what lies
 * beyond the step at which a run was resumed later is left out.
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
  const limits = await putRun(to, rows)
  const snapshots = await from.db
    .selectFrom('snapshots')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('step')
    .execute()
  let copied = 0
  for (const snapshot of snapshots) {
    if (!isStale(snapshot, limits) && (await copySnapshot(from, to, snapshot))) copied++
    each()
  }
  return {copied, known: snapshots.length - copied}
}

/** Copies one snapshot, unless the same or a newer one of its step is there; true: it was copied. */
export async function copySnapshot(
  from: OpenDatabase,
  to: OpenDatabase,
  row: Row,
): Promise<boolean> {
  const {db, dialect} = to
  const {id: oldId, ...snapshot} = row
  if (await isKnown(db, snapshot)) return false
  const contents: {table: (typeof tables)[number]; rows: Record<string, Cell>[]}[] = []
  for (const table of tables) contents.push({table, rows: await rowsOf(from.db, table, oldId)})
  // A snapshot comes and goes with all that hangs on it: of one that is still there all of it was read.
  const now = await snapshotAt(from.db, snapshot)
  if (!now) return false
  if (now.id !== oldId || now.recorded_at !== row.recorded_at) return copySnapshot(from, to, now)
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

/** Writes a run's rows, or brings its row up to date; gives which of its snapshots do not count. */
export async function putRun({db, dialect}: OpenDatabase, rows: RunRows): Promise<Limit[]> {
  return await db.transaction().execute(async (transaction) => {
    const {run} = rows
    const known = await lockRun(transaction, dialect, run.id)
    if (!known) {
      await insertRun(transaction, rows)
      return limitsOf(run, run)
    }
    if (isOlder(run, known)) return limitsOf(run, known)
    await transaction.updateTable('runs').set(run).where('id', '=', run.id).execute()
    for (const {step, before} of limitsOf(known, run)) {
      await transaction
        .deleteFrom('snapshots')
        .where('run_id', '=', run.id)
        .where('step', '>', step)
        .$if(before !== null, (query) => query.where('recorded_at', '<', before))
        .execute()
    }
    return limitsOf(run, run)
  })
}

/** Snapshots beyond a step that do not count. */
export interface Limit {
  readonly step: number
  /** Those that were recorded before this time; null: all. */
  readonly before: string | null
}

export function isStale({step, recorded_at}: Row, limits: readonly Limit[]): boolean {
  return limits.some((limit) => {
    return step > limit.step && (limit.before === null || recorded_at < limit.before)
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

/** Whether a row gives way to another of the same run. */
function isOlder(run: RunRow, other: RunRow): boolean {
  if (knowsLess(run, other)) return true
  return !knowsLess(other, run) && run.heartbeat_at <= other.heartbeat_at
}

/** Whether a run was resumed from what a row says, and the row does not know of it. */
function knowsLess(run: RunRow, other: RunRow): boolean {
  const [own, others] = [resumptionsOf(run), resumptionsOf(other)]
  return own.length < others.length && own.every(({at}, index) => at === others[index]!.at)
}

// whoever does not know of a resumption may have gone on writing after it
function limitsOf(run: RunRow, newest: RunRow): Limit[] {
  const known = knowsLess(run, newest) ? resumptionsOf(run).length : Infinity
  return resumptionsOf(newest).map(({at, step}, index) => {
    return {step, before: index < known ? at : null}
  })
}

async function lockRun(
  transaction: Transaction<Database>,
  dialect: LogDialect,
  runId: string,
): Promise<RunRow | undefined> {
  const all = transaction.selectFrom('runs').selectAll().where('id', '=', runId)
  return await all.$call(dialect.forUpdate).executeTakeFirst()
}

/** The snapshot that a run has at a step now. */
async function snapshotAt(db: Kysely<Database>, {run_id, step}: Pick<Row, 'run_id' | 'step'>) {
  return await db
    .selectFrom('snapshots')
    .selectAll()
    .where('run_id', '=', run_id)
    .where('step', '=', step)
    .executeTakeFirst()
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

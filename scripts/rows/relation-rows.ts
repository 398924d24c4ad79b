import {sql, type Transaction} from 'kysely'
import type {Database} from '../../storage/schema.js'
import {type Relation, type RelationName, relations} from '../relations.js'
import type {RunLog} from '../runs/find.js'
import type {Answer, Row} from '../sql/ask.js'

/**
 * Lets `use` read all rows of a table or view: by the start of their runs, then by step, then by key.
 * All of it is of one moment of the log. A snapshot's rows are in memory at a time, as they were when
 * they were written; so a log of any size can be read.
 *
 * @param runs ids of the runs whose rows are wanted; default: all
 */
export async function relationRows<Result>(
  {db, dialect}: RunLog,
  name: RelationName,
  runs: readonly string[] | undefined,
  use: (answer: Answer) => Promise<Result>,
): Promise<Result> {
  return await db
    .transaction()
    .setAccessMode('read only')
    .execute(async (transaction) => {
      const names = await dialect.columnNames(transaction, `select * from "${name}"`)
      return await use({names, rows: rowsOf(transaction, name, runs)})
    })
}

async function* rowsOf(
  db: Transaction<Database>,
  name: RelationName,
  runs: readonly string[] | undefined,
): AsyncGenerator<Row> {
  const relation: Relation = relations[name]
  for (const owner of await ownersOf(db, relation.of, runs)) {
    const {rows} = await sql<Row>`
      select * from ${sql.table(name)}
      ${owner === undefined ? sql`` : sql`where ${sql.ref(relation.owner)} = ${owner}`}
      order by ${sql.join(relation.order.map((column) => sql.ref(column)))}`.execute(db)
    yield* rows
  }
}

/** Ids of the runs or snapshots in their order; one that is undefined where there are none. */
async function ownersOf(
  db: Transaction<Database>,
  of: Relation['of'],
  runs: readonly string[] | undefined,
): Promise<readonly (string | number | undefined)[]> {
  if (of === 'log') return [undefined]
  const wanted = db
    .selectFrom('runs')
    .$if(runs !== undefined, (query) => query.where('runs.id', 'in', runs!))
    .orderBy('runs.started_at')
    .orderBy('runs.id')
  if (of === 'run') return (await wanted.select('runs.id').execute()).map(({id}) => id)
  const snapshots = await wanted
    .innerJoin('snapshots', 'snapshots.run_id', 'runs.id')
    .select('snapshots.id')
    .orderBy('snapshots.step')
    .execute()
  return snapshots.map(({id}) => id)
}

import type {Kysely} from 'kysely'
import type {LogDialect} from './dialect.js'
import {LogError} from './errors.js'
import type {Database} from './schema.js'

const application = 'tfjs-linear-regions'

/**
 * The schema version of a log, 0 where there is nothing yet.
 *
 * @throws LogError where the database belongs to somebody else
 */
export async function readVersion(db: Kysely<Database>, dialect: LogDialect): Promise<number> {
  const relations = await dialect.relations(db)
  if (relations.length === 0) return 0
  const meta = relations.includes('meta') ? await readMeta(db) : new Map<string, string>()
  const version = Number(meta.get('schema_version'))
  if (meta.get('application') === application && Number.isInteger(version) && version > 0) {
    return version
  }
  throw new LogError(
    `database: "${dialect.place}" is no log of linear regions; it was left as it is, name another file`,
  )
}

/** Writes down that the tables are at `version` now. */
export async function writeVersion(db: Kysely<Database>, version: number): Promise<void> {
  await db
    .insertInto('meta')
    .values([
      {key: 'application', value: application},
      {key: 'schema_version', value: String(version)},
    ])
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((set) => ({value: set.ref('excluded.value')})),
    )
    .execute()
}

async function readMeta(db: Kysely<Database>): Promise<Map<string, string>> {
  try {
    const rows = await db.selectFrom('meta').select(['key', 'value']).execute()
    return new Map(rows.map(({key, value}) => [key, value]))
  } catch (error) {
    if (error instanceof LogError) throw error
    // somebody else's table of that name, with other columns
    return new Map()
  }
}

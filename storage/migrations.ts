import type {Kysely, MigrationProvider} from 'kysely'
import type {LogDialect} from './dialect.js'
import {LogError} from './errors.js'
import {readVersion, writeVersion} from './meta.js'
import {createTables} from './migrations/001-tables.js'
import type {Database} from './schema.js'
import {createViews, dropViews} from './views.js'

/** Version of the tables that this package reads and writes: the number of its migrations. */
export const schemaVersion = 1

/** Every migration, in code: the n-th by name leads to version n. Published ones never change. */
export function migrations(dialect: LogDialect): MigrationProvider {
  return {
    getMigrations: async () => ({'001-tables': createTables(dialect)}),
  }
}

/**
 * Brings the tables to the newest version, all of the way or not at all: one transaction holds
 * every pending migration, the views and the new version number. Kysely's Migrator is not used
 * since it keeps a second record of the version, which SQLite would write outside the
 * transaction. Two processes that open a new log take turns, and the second finds the work done.
 *
 * Foreign keys must not be enforced yet: a table that is rebuilt would take its rows' rows along.
 *
 * @throws LogError where a migration failed (the log is then as it was), or as `readVersion` does
 */
export async function migrate(
  db: Kysely<Database>,
  dialect: LogDialect,
  provider: MigrationProvider = migrations(dialect),
): Promise<void> {
  const all = Object.entries(await provider.getMigrations()).sort(([a], [b]) => (a < b ? -1 : 1))
  await db.transaction().execute(async (transaction) => {
    await dialect.lockTables(transaction)
    const version = await readVersion(transaction, dialect)
    if (version >= all.length) return
    await dropViews(transaction)
    for (const [name, migration] of all.slice(version)) {
      await migration.up(transaction).catch((cause) => {
        const why = cause instanceof Error ? cause.message : cause
        throw new LogError(
          `database: "${dialect.place}" was left at version ${version}, migration ${name} failed (${why})`,
          {cause},
        )
      })
    }
    await createViews(transaction, dialect)
    await writeVersion(transaction, all.length)
  })
}

/** What is thrown where there are no tables, and none may be made. */
export function holdsNoLog(place: string): LogError {
  return new LogError(`database: "${place}" is empty and holds no log; check the path`)
}

/**
 * That this package understands a log of that version.
 *
 * @throws LogError for a newer log, and for an older one that may not be written
 */
export function checkVersion(version: number, place: string, readonly: boolean): void {
  if (version > schemaVersion) {
    throw new LogError(
      `database: "${place}" was written by a newer release (its tables have version ${version}, this release knows ${schemaVersion}); update tfjs-linear-regions`,
    )
  }
  if (readonly && version === 0) throw holdsNoLog(place)
  if (readonly && version < schemaVersion) {
    throw new LogError(
      `database: "${place}" has tables of version ${version} and cannot be brought to ${schemaVersion} while read-only; open it once for writing`,
    )
  }
}

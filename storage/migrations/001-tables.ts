import type {Migration} from 'kysely'
import {type Kysely, sql} from 'kysely'
import type {LogDialect} from '../dialect.js'

/** The tables, as `schema.ts` describes them. */
export function createTables(dialect: LogDialect): Migration {
  return {
    async up(db) {
      await createMeta(db, dialect)
      await createRuns(db, dialect)
      await createSnapshots(db, dialect)
      await createPoints(db, dialect)
      await createMeasurements(db, dialect)
      await createSummaries(db, dialect)
    },
  }
}

// a migration must not follow later changes of the types
// biome-ignore lint/suspicious/noExplicitAny: Kysely's own type for it
type Schema = Kysely<any>

async function createMeta({schema}: Schema, dialect: LogDialect): Promise<void> {
  await schema
    .createTable('meta')
    .addColumn('key', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('value', dialect.text, (column) => column.notNull())
    .$call(dialect.sortedByKey)
    .execute()
}

async function createRuns({schema}: Schema, dialect: LogDialect): Promise<void> {
  await schema
    .createTable('runs')
    .addColumn('id', dialect.text, (column) => column.primaryKey().notNull())
    .addColumn('name', dialect.text, (column) => column.notNull())
    .addColumn('status', dialect.text, (column) => column.notNull())
    .addColumn('started_at', dialect.text, (column) => column.notNull())
    .addColumn('heartbeat_at', dialect.text, (column) => column.notNull())
    .addColumn('heartbeat_every', 'double precision', (column) => column.notNull())
    .addColumn('ended_at', dialect.text)
    .addColumn('error', dialect.text)
    .addColumn('seed', 'bigint', (column) => column.notNull())
    .addColumn('config', dialect.text, (column) => column.notNull())
    .addColumn('model', dialect.text, (column) => column.notNull())
    .addColumn('backend', dialect.text, (column) => column.notNull())
    .addColumn('device', dialect.text)
    .addColumn('environment', dialect.text, (column) => column.notNull())
    .addColumn('tfjs_version', dialect.text, (column) => column.notNull())
    .addColumn('node_version', dialect.text, (column) => column.notNull())
    .addColumn('package_version', dialect.text, (column) => column.notNull())
    .addColumn('host', dialect.text, (column) => column.notNull())
    .addColumn('git_commit', dialect.text)
    .addColumn('git_dirty', 'integer')
    .addColumn('argv', dialect.text, (column) => column.notNull())
    .addCheckConstraint('runs_status', sql`status in ('running', 'finished', 'failed')`)
    .execute()
  await schema.createIndex('runs_name').on('runs').columns(['name', 'started_at']).execute()
  await schema
    .createTable('layers')
    .addColumn('run_id', dialect.text, (column) => column.notNull())
    .addColumn('layer', 'integer', (column) => column.notNull())
    .addColumn('name', dialect.text, (column) => column.notNull())
    .addColumn('class', dialect.text, (column) => column.notNull())
    .addColumn('units', 'integer', (column) => column.notNull())
    .addColumn('kinks', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('layers_key', ['run_id', 'layer'])
    .addForeignKeyConstraint('layers_run', ['run_id'], 'runs', ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .$call(dialect.sortedByKey)
    .execute()
  await schema
    .createTable('measures')
    .addColumn('run_id', dialect.text, (column) => column.notNull())
    .addColumn('name', dialect.text, (column) => column.notNull())
    .addColumn('unit', dialect.text, (column) => column.notNull())
    .addPrimaryKeyConstraint('measures_key', ['run_id', 'name'])
    .addForeignKeyConstraint('measures_run', ['run_id'], 'runs', ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .$call(dialect.sortedByKey)
    .execute()
}

async function createSnapshots({schema}: Schema, dialect: LogDialect): Promise<void> {
  await schema
    .createTable('snapshots')
    .addColumn('id', 'integer', (column) => dialect.generatedKey(column.primaryKey()))
    .addColumn('run_id', dialect.text, (column) =>
      column.notNull().references('runs.id').onDelete('cascade'),
    )
    .addColumn('step', dialect.longInteger, (column) => column.notNull())
    .addColumn('epoch', 'double precision', (column) => column.notNull())
    .addColumn('recorded_at', dialect.text, (column) => column.notNull())
    .addColumn('loss', 'double precision')
    .addColumn('loss_scope', dialect.text)
    .addColumn('metrics', dialect.text)
    .addColumn('status', dialect.text, (column) => column.notNull())
    .addColumn('reason', dialect.text)
    .addColumn('skipped', dialect.text)
    .addColumn('train_ms', 'double precision')
    .addColumn('measure_ms', 'double precision')
    .addUniqueConstraint('snapshots_step', ['run_id', 'step'])
    .addCheckConstraint('snapshots_status', sql`status in ('complete', 'partial', 'failed')`)
    .addCheckConstraint('snapshots_loss_scope', sql`loss_scope in ('batch', 'epoch')`)
    .execute()
  await schema
    .createTable('timings')
    .addColumn('snapshot_id', 'integer', (column) => column.notNull())
    .addColumn('measure', dialect.text, (column) => column.notNull())
    .addColumn('ms', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('timings_key', ['snapshot_id', 'measure'])
    .addForeignKeyConstraint('timings_snapshot', ['snapshot_id'], 'snapshots', ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .$call(dialect.sortedByKey)
    .execute()
}

// stored by row, since points may carry their inputs: the key's index stays small, and every
// row of a measure looks its point up there
async function createPoints({schema}: Schema, dialect: LogDialect): Promise<void> {
  await schema
    .createTable('points')
    .addColumn('snapshot_id', 'integer', (column) => column.notNull())
    .addColumn('point', 'integer', (column) => column.notNull())
    .addColumn('point_group', dialect.text, (column) => column.notNull())
    .addColumn('slot', 'integer', (column) => column.notNull())
    .addColumn('origin_index', 'integer')
    .addColumn('label', 'double precision')
    .addColumn('input', dialect.bytes)
    .addPrimaryKeyConstraint('points_key', ['snapshot_id', 'point'])
    .addForeignKeyConstraint('points_snapshot', ['snapshot_id'], 'snapshots', ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .execute()
}

async function createMeasurements({schema}: Schema, dialect: LogDialect): Promise<void> {
  const ofPoint = (name: string) =>
    schema
      .createTable(name)
      .addColumn('snapshot_id', 'integer', (column) => column.notNull())
      .addColumn('point', 'integer', (column) => column.notNull())
      .addForeignKeyConstraint(
        `${name}_point`,
        ['snapshot_id', 'point'],
        'points',
        ['snapshot_id', 'point'],
        (key) => key.onDelete('cascade'),
      )
      .$call(dialect.sortedByKey)

  await ofPoint('distances')
    .addColumn('norm', dialect.text, (column) => column.notNull())
    .addColumn('distance', 'double precision', (column) => column.notNull())
    .addColumn('layer', 'integer')
    .addColumn('unit', 'integer')
    .addPrimaryKeyConstraint('distances_key', ['snapshot_id', 'point', 'norm'])
    .execute()
  await ofPoint('bounds')
    .addColumn('method', dialect.text, (column) => column.notNull())
    .addColumn('counting', dialect.text, (column) => column.notNull())
    .addColumn('radius_rule', dialect.text, (column) => column.notNull())
    .addColumn('radius', 'double precision', (column) => column.notNull())
    .addColumn('log2_regions', 'double precision', (column) => column.notNull())
    .addColumn('unstable', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('bounds_key', [
      'snapshot_id',
      'point',
      'method',
      'counting',
      'radius_rule',
    ])
    .execute()
  await ofPoint('layer_bounds')
    .addColumn('method', dialect.text, (column) => column.notNull())
    .addColumn('radius_rule', dialect.text, (column) => column.notNull())
    .addColumn('layer', 'integer', (column) => column.notNull())
    .addColumn('unstable', 'integer', (column) => column.notNull())
    .addColumn('active', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('layer_bounds_key', [
      'snapshot_id',
      'point',
      'method',
      'radius_rule',
      'layer',
    ])
    .execute()
  await ofPoint('measurements')
    .addColumn('measure', dialect.text, (column) => column.notNull())
    .addColumn('radius_rule', dialect.text, (column) => column.notNull())
    .addColumn('value', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('measurements_key', ['snapshot_id', 'point', 'measure', 'radius_rule'])
    .execute()
}

async function createSummaries({schema}: Schema, dialect: LogDialect): Promise<void> {
  await schema
    .createTable('summaries')
    .addColumn('snapshot_id', 'integer', (column) => column.notNull())
    .addColumn('point_group', dialect.text, (column) => column.notNull())
    .addColumn('measure', dialect.text, (column) => column.notNull())
    .addColumn('norm', dialect.text, (column) => column.notNull())
    .addColumn('method', dialect.text, (column) => column.notNull())
    .addColumn('counting', dialect.text, (column) => column.notNull())
    .addColumn('radius_rule', dialect.text, (column) => column.notNull())
    .addColumn('n', 'integer', (column) => column.notNull())
    .addColumn('min', 'double precision', (column) => column.notNull())
    .addColumn('q10', 'double precision', (column) => column.notNull())
    .addColumn('q25', 'double precision', (column) => column.notNull())
    .addColumn('median', 'double precision', (column) => column.notNull())
    .addColumn('q75', 'double precision', (column) => column.notNull())
    .addColumn('q90', 'double precision', (column) => column.notNull())
    .addColumn('max', 'double precision', (column) => column.notNull())
    .addColumn('mean', 'double precision')
    .addPrimaryKeyConstraint('summaries_key', [
      'snapshot_id',
      'point_group',
      'measure',
      'norm',
      'method',
      'counting',
      'radius_rule',
    ])
    .addForeignKeyConstraint('summaries_snapshot', ['snapshot_id'], 'snapshots', ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .$call(dialect.sortedByKey)
    .execute()
}

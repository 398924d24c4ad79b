import type {LogReader, SelectedRun} from '../select-runs.js'
import type {Moment} from './step-axis.js'

/** A number of one point at one snapshot. */
export interface Row {
  /** The run's name and seed. */
  readonly name: string
  readonly seed: number
  readonly step: number
  readonly group: string
}

export interface DistanceRow extends Row {
  readonly distance: number
  /** Kinked layer of the nearest boundary; null where there is none. */
  readonly layer: number | null
}

export interface BoundRow extends Row {
  readonly rule: string
  readonly radius: number
  readonly log2Regions: number
  /** Units that may change in the ball. */
  readonly unstable: number
}

/** A measurement that has a radius, such as the units that are seen to change in a ball. */
export interface MeasurementRow extends Row {
  readonly rule: string
  readonly value: number
}

const ids = (runs: readonly SelectedRun[]) => runs.map((run) => run.id)

/** When the runs were measured, step by step. */
export async function momentsOf(
  {db}: LogReader,
  runs: readonly SelectedRun[],
): Promise<readonly (Moment & {readonly status: string; readonly seed: number})[]> {
  return await db
    .selectFrom('snapshots')
    .innerJoin('runs', 'runs.id', 'snapshots.run_id')
    .select(['step', 'epoch', 'snapshots.status', 'seed'])
    .where('run_id', 'in', ids(runs))
    .orderBy('step')
    .execute()
}

/** Distances of all points of the runs, in the order of runs, steps and points. */
export async function distanceRows(
  {db}: LogReader,
  runs: readonly SelectedRun[],
  norm: string,
): Promise<readonly DistanceRow[]> {
  return await db
    .selectFrom('distances')
    .innerJoin('points', (join) =>
      join
        .onRef('points.snapshot_id', '=', 'distances.snapshot_id')
        .onRef('points.point', '=', 'distances.point'),
    )
    .innerJoin('snapshots', 'snapshots.id', 'distances.snapshot_id')
    .innerJoin('runs', 'runs.id', 'snapshots.run_id')
    .where('runs.id', 'in', ids(runs))
    .where('distances.norm', '=', norm)
    .select(['name', 'seed', 'step', 'point_group as group', 'distance', 'layer'])
    .orderBy('name')
    .orderBy('seed')
    .orderBy('step')
    .orderBy('distances.point')
    .execute()
}

/** Bounds of all points of the runs by one method and counting, in the order of runs, steps and points. */
export async function boundRows(
  {db}: LogReader,
  runs: readonly SelectedRun[],
  method: string,
  counting: string,
): Promise<readonly BoundRow[]> {
  return await db
    .selectFrom('bounds')
    .innerJoin('points', (join) =>
      join
        .onRef('points.snapshot_id', '=', 'bounds.snapshot_id')
        .onRef('points.point', '=', 'bounds.point'),
    )
    .innerJoin('snapshots', 'snapshots.id', 'bounds.snapshot_id')
    .innerJoin('runs', 'runs.id', 'snapshots.run_id')
    .where('runs.id', 'in', ids(runs))
    .where('bounds.method', '=', method)
    .where('bounds.counting', '=', counting)
    .select([
      'runs.name',
      'runs.seed',
      'snapshots.step',
      'points.point_group as group',
      'bounds.radius_rule as rule',
      'bounds.radius',
      'bounds.log2_regions as log2Regions',
      'bounds.unstable',
    ])
    .orderBy('runs.name')
    .orderBy('runs.seed')
    .orderBy('snapshots.step')
    .orderBy('bounds.point')
    .orderBy('bounds.radius_rule')
    .execute()
}

/** One measure of all points of the runs, in the order of runs, steps and points. */
export async function measurementRows(
  {db}: LogReader,
  runs: readonly SelectedRun[],
  measure: string,
): Promise<readonly MeasurementRow[]> {
  return await db
    .selectFrom('measurements')
    .innerJoin('points', (join) =>
      join
        .onRef('points.snapshot_id', '=', 'measurements.snapshot_id')
        .onRef('points.point', '=', 'measurements.point'),
    )
    .innerJoin('snapshots', 'snapshots.id', 'measurements.snapshot_id')
    .innerJoin('runs', 'runs.id', 'snapshots.run_id')
    .where('runs.id', 'in', ids(runs))
    .where('measurements.measure', '=', measure)
    .select([
      'runs.name',
      'runs.seed',
      'snapshots.step',
      'points.point_group as group',
      'measurements.radius_rule as rule',
      'measurements.value',
    ])
    .orderBy('runs.name')
    .orderBy('runs.seed')
    .orderBy('snapshots.step')
    .orderBy('measurements.point')
    .orderBy('measurements.radius_rule')
    .execute()
}

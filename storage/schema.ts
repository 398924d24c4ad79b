import type {Generated, Selectable} from 'kysely'

/**
 * The tables of a log, as TypeScript sees them. Times are ISO 8601 in UTC
 * (`'2026-01-31T12:00:00.000Z'`), JSON is text in which infinity is the string `"Infinity"`,
 * distances and radii are in input units (the units of the data), and every real number is in
 * double precision. `''` stands where a part of a primary key does not apply.
 */
export interface Database {
  meta: MetaTable
  runs: RunsTable
  layers: LayersTable
  measures: MeasuresTable
  snapshots: SnapshotsTable
  points: PointsTable
  distances: DistancesTable
  bounds: BoundsTable
  layer_bounds: LayerBoundsTable
  measurements: MeasurementsTable
  timings: TimingsTable
  summaries: SummariesTable
  distance_summary: DistanceSummaryView
  bound_summary: BoundSummaryView
  timeline: TimelineView
}

/** What the file is: `application` and `schema_version`. */
export interface MetaTable {
  key: string
  value: string
}

/** What became of a run, as its process said; one that was cut off still says `'running'`. */
export type RunStatus = 'running' | 'finished' | 'failed'

/** One training. */
export interface RunsTable {
  /** UUID. */
  id: string
  name: string
  status: RunStatus
  started_at: string
  /** The last sign of life, written at epoch ends, snapshots, and while either lasts long. */
  heartbeat_at: string
  /** Seconds between two signs of life, as was said or, where that is longer, seen. */
  heartbeat_every: number
  ended_at: string | null
  /** Why it failed. */
  error: string | null
  seed: number
  /** JSON: what the user wants to find again. */
  config: string
  /** JSON: layers, widths, parameters, inputShape. */
  model: string
  /** Name of the TensorFlow.js backend. */
  backend: string
  device: string | null
  /** JSON: backends refused and why, precision, GFLOPS, process. */
  environment: string
  tfjs_version: string
  node_version: string
  package_version: string
  host: string
  git_commit: string | null
  /** 1: tracked files differ from the commit, 0: they do not, null: no repository. */
  git_dirty: number | null
  /** JSON: the arguments of the process. */
  argv: string
}

/** The layers of a run that have a kink, counted from 0 in topological order. */
export interface LayersTable {
  run_id: string
  layer: number
  name: string
  class: string
  /** Units of the flattened output. */
  units: number
  /** Kinks of each unit. */
  kinks: number
}

/** What a run measures, and in which unit. */
export interface MeasuresTable {
  run_id: string
  name: string
  unit: string
}

/**
 * Whether a snapshot holds all that was asked for: `'partial'` where time was up before, `'failed'`
 * where something went wrong or a number was NaN.
 */
export type SnapshotStatus = 'complete' | 'partial' | 'failed'

/** One moment of a run at which it was measured. */
export interface SnapshotsTable {
  id: Generated<number>
  run_id: string
  /** Completed optimiser updates. */
  step: number
  /** Completed epochs, fractional inside one. */
  epoch: number
  recorded_at: string
  loss: number | null
  loss_scope: 'batch' | 'epoch' | null
  /** JSON: number by name. */
  metrics: string | null
  status: SnapshotStatus
  /** Why it is partial or failed. */
  reason: string | null
  /** JSON: what a partial snapshot left out. */
  skipped: string | null
  /** Milliseconds of training since the snapshot before. */
  train_ms: number | null
  /** Milliseconds that measuring took. */
  measure_ms: number | null
}

/** The points of a snapshot, numbered from 0. */
export interface PointsTable {
  snapshot_id: number
  point: number
  point_group: string
  /** Number within the group. */
  slot: number
  /** Index of the example that the point came from. */
  origin_index: number | null
  label: number | null
  /** The point itself: float32, little-endian. */
  input: Uint8Array | null
}

/** Exact distance of a point to the nearest region boundary. */
export interface DistancesTable {
  snapshot_id: number
  point: number
  /** `'l2'` or `'linf'`. */
  norm: string
  /** Input units; infinity where no boundary can be reached. */
  distance: number
  /** Kinked layer and unit of that boundary, null where there is none. */
  layer: number | null
  unit: number | null
}

/** Upper bound on the linear regions in the ball of a radius around a point. */
export interface BoundsTable {
  snapshot_id: number
  point: number
  method: string
  /** How unstable units become a count: `'flats'`, the default, or `'product'`. */
  counting: string
  /** The rule's text, `'0.1'` for a plain number. */
  radius_rule: string
  /** Its radius for this point, in input units. */
  radius: number
  /** Base-2 logarithm of the bound. */
  log2_regions: number
  /** Units of all layers that may change sign in the ball. */
  unstable: number
}

/** The same, layer by layer: what the bound is counted from. */
export interface LayerBoundsTable {
  snapshot_id: number
  point: number
  method: string
  radius_rule: string
  layer: number
  /** Units that may change sign in the ball. */
  unstable: number
  /** Units that are surely on in the ball. */
  active: number
}

/** Every other number of a point: the user's own measures and the predicted class too. */
export interface MeasurementsTable {
  snapshot_id: number
  point: number
  measure: string
  radius_rule: string
  /** In the unit that `measures` gives. */
  value: number
}

/** Milliseconds that each part of measuring a snapshot took. */
export interface TimingsTable {
  snapshot_id: number
  measure: string
  ms: number
}

interface Quantiles {
  /** Number of points. */
  n: number
  min: number
  q10: number
  q25: number
  median: number
  q75: number
  q90: number
  max: number
  /** Null where infinity and minus infinity meet. */
  mean: number | null
}

/** Quantiles over the points of a group, by nearest rank: each is a value that was measured. */
export interface SummariesTable extends Quantiles {
  snapshot_id: number
  point_group: string
  /** `'distance'`, `'bound'` (of log2_regions) or a measurement's name. */
  measure: string
  norm: string
  method: string
  counting: string
  radius_rule: string
}

interface Moment {
  run_id: string
  /** Name of the run. */
  run: string
  step: number
  epoch: number
}

/** Summaries of distances with their run and moment. */
export interface DistanceSummaryView extends Moment, Quantiles {
  snapshot_id: number
  point_group: string
  norm: string
}

/** Summaries of bounds with their run and moment. */
export interface BoundSummaryView extends Moment, Quantiles {
  snapshot_id: number
  point_group: string
  method: string
  counting: string
  radius_rule: string
}

/** Snapshots with their run. */
export interface TimelineView extends Moment {
  snapshot_id: number
  /** `'abandoned'`: running, but its last sign of life is older than three intervals. */
  run_status: RunStatus | 'abandoned'
  recorded_at: string
  loss: number | null
  loss_scope: 'batch' | 'epoch' | null
  metrics: string | null
  status: SnapshotStatus
  reason: string | null
  train_ms: number | null
  measure_ms: number | null
}

export type RunRow = Selectable<RunsTable>
export type SnapshotRow = Selectable<SnapshotsTable>
export type SummaryRow = Selectable<SummariesTable>

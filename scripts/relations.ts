/** A table or view of a log, as its rows are handed out. */
export interface Relation {
  /** What its rows belong to: the log as a whole, a run, or a snapshot. */
  readonly of: 'log' | 'run' | 'snapshot'
  /** The column that names the run or the snapshot. */
  readonly owner: string
  /** Columns that order the rows of one owner. */
  readonly order: readonly string[]
}

const ofSnapshot = (...order: readonly string[]): Relation => ({
  of: 'snapshot',
  owner: 'snapshot_id',
  order,
})

const ofRun = (...order: readonly string[]): Relation => ({of: 'run', owner: 'run_id', order})

/** Every table, then every view. */
export const relations = {
  runs: {of: 'run', owner: 'id', order: ['id']},
  layers: ofRun('layer'),
  measures: ofRun('name'),
  snapshots: ofRun('step'),
  points: ofSnapshot('point'),
  distances: ofSnapshot('point', 'norm'),
  bounds: ofSnapshot('point', 'method', 'counting', 'radius_rule'),
  layer_bounds: ofSnapshot('point', 'method', 'radius_rule', 'layer'),
  measurements: ofSnapshot('point', 'measure', 'radius_rule'),
  timings: ofSnapshot('measure'),
  summaries: ofSnapshot('point_group', 'measure', 'norm', 'method', 'counting', 'radius_rule'),
  meta: {of: 'log', owner: 'key', order: ['key']},
  distance_summary: ofSnapshot('point_group', 'norm'),
  bound_summary: ofSnapshot('point_group', 'method', 'counting', 'radius_rule'),
  timeline: ofRun('step'),
} satisfies Record<string, Relation>

export type RelationName = keyof typeof relations

export const relationNames = Object.keys(relations) as readonly RelationName[]

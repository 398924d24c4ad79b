interface Question {
  readonly name: string
  /** How long it may take on a large log: a view answers from summaries, rows are gone through. */
  readonly kind: 'view' | 'rows'
  readonly text: string
}

/**
 * What is asked of one run of a log that holds many: each view, by the run's id and by its name,
 * the raw rows of each table, and those of the largest by the group of their points.
 */
export function questions(runId: string, name: string): Question[] {
  const views = ['distance_summary', 'bound_summary', 'timeline'].flatMap((view) => [
    {
      name: `${view}, by id`,
      kind: 'view' as const,
      text: `select * from ${view} where run_id = '${runId}' order by step`,
    },
    {
      name: `${view}, by name`,
      kind: 'view' as const,
      text: `select * from ${view} where run = '${name}' order by step`,
    },
  ])
  const numbers = {
    points: 'count(label)',
    distances: 'avg(distance)',
    bounds: 'avg(log2_regions)',
    layer_bounds: 'avg(unstable)',
    measurements: 'avg(value)',
  }
  const tables = Object.entries(numbers).map(([table, number]) => ({
    name: table,
    kind: 'rows' as const,
    text: `select step, count(*), ${number}
      from snapshots join ${table} on ${table}.snapshot_id = snapshots.id
      where run_id = '${runId}' group by step order by step`,
  }))
  const groups = {
    name: 'layer_bounds, by group',
    kind: 'rows' as const,
    text: `select step, point_group, method, radius_rule, layer, avg(layer_bounds.unstable)
      from runs join snapshots on run_id = runs.id
      join layer_bounds on snapshot_id = snapshots.id join points using (snapshot_id, point)
      where runs.name = '${name}'
      group by step, point_group, method, radius_rule, layer`,
  }
  return [...views, ...tables, groups]
}

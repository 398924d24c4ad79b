/** What is asked of one run of a log that holds many: each view, and the raw rows of each table. */
export function questions(runId: string) {
  const views = ['distance_summary', 'bound_summary', 'timeline'].map((view) => ({
    name: view,
    kind: 'view' as const,
    text: `select * from ${view} where run_id = '${runId}' order by step`,
  }))
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
  return [...views, ...tables]
}

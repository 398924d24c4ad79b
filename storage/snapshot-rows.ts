import type {Cell, TableRows} from './insert-rows.js'
import type {LoggedBounds, Snapshot} from './snapshot.js'
import {summarise} from './summaries.js'

/**
 * All rows that hang on the snapshot with number `id`, points before what refers to them. Within
 * a table they come in the order of its primary key, so that storing them only ever appends.
 */
export function snapshotTables(id: number, snapshot: Snapshot): TableRows[] {
  return [
    points(id, snapshot),
    distances(id, snapshot),
    bounds(id, snapshot),
    layerBounds(id, snapshot),
    measurements(id, snapshot),
    summaries(id, snapshot),
    timings(id, snapshot),
  ]
}

function points(id: number, {points}: Snapshot): TableRows {
  return {
    table: 'points',
    columns: ['snapshot_id', 'point', 'point_group', 'slot', 'origin_index', 'label', 'input'],
    rows: points.map(({group, slot, originIndex, label, input}, point) => {
      const bytes = input ? Buffer.from(input.buffer, input.byteOffset, input.byteLength) : null
      return [id, point, group, slot, originIndex ?? null, label ?? null, bytes]
    }),
  }
}

function distances(id: number, {points, distances}: Snapshot): TableRows {
  const known = (index: number) => (index === -1 ? null : index)
  return {
    table: 'distances',
    columns: ['snapshot_id', 'point', 'norm', 'distance', 'layer', 'unit'],
    rows: pointByPoint(
      points.length,
      sortedBy(distances, ({norm}) => [norm]),
      ({norm, distance, layer, unit}, point) => [
        [id, point, norm, distance[point]!, known(layer[point]!), known(unit[point]!)],
      ],
    ),
  }
}

function bounds(id: number, {points, bounds}: Snapshot): TableRows {
  const columns = ['snapshot_id', 'point', 'method', 'counting', 'radius_rule', 'radius']
  return {
    table: 'bounds',
    columns: [...columns, 'log2_regions', 'unstable'],
    rows: pointByPoint(
      points.length,
      sortedBy(bounds, ({method, counting, rule}) => [method, counting, rule]),
      ({method, counting, rule, radius, log2Regions, unstable}, point) => {
        const all = unstable.reduce((sum, counts) => sum + counts[point]!, 0)
        return [[id, point, method, counting, rule, radius[point]!, log2Regions[point]!, all]]
      },
    ),
  }
}

// which units are unstable does not depend on how they are counted: one entry for all countings
function layerBounds(id: number, {points, bounds}: Snapshot): TableRows {
  const once = new Map<string, LoggedBounds>()
  for (const entry of bounds) once.set(JSON.stringify([entry.method, entry.rule]), entry)
  return {
    table: 'layer_bounds',
    columns: ['snapshot_id', 'point', 'method', 'radius_rule', 'layer', 'unstable', 'active'],
    rows: pointByPoint(
      points.length,
      sortedBy([...once.values()], ({method, rule}) => [method, rule]),
      ({method, rule, unstable, active}, point) =>
        unstable.map((counts, layer) => [
          id,
          point,
          method,
          rule,
          layer,
          counts[point]!,
          active[layer]![point]!,
        ]),
    ),
  }
}

function measurements(id: number, {points, measurements}: Snapshot): TableRows {
  return {
    table: 'measurements',
    columns: ['snapshot_id', 'point', 'measure', 'radius_rule', 'value'],
    rows: pointByPoint(
      points.length,
      sortedBy(measurements, ({measure, rule}) => [measure, rule]),
      ({measure, rule, value}, point) => [[id, point, measure, rule, value[point]!]],
    ),
  }
}

function summaries(id: number, snapshot: Snapshot): TableRows {
  const rows = summarise(snapshot).map((summary) => ({snapshot_id: id, ...summary}))
  return {
    table: 'summaries',
    columns: Object.keys(rows[0] ?? {}),
    rows: rows.map((row) => Object.values(row)),
  }
}

function timings(id: number, {timings}: Snapshot): TableRows {
  return {
    table: 'timings',
    columns: ['snapshot_id', 'measure', 'ms'],
    rows: Object.entries(timings).map(([measure, ms]) => [id, measure, ms]),
  }
}

function* pointByPoint<T>(
  points: number,
  entries: readonly T[],
  rowsOf: (entry: T, point: number) => Cell[][],
): Generator<Cell[]> {
  for (let point = 0; point < points; point++) {
    for (const entry of entries) yield* rowsOf(entry, point)
  }
}

function sortedBy<T>(entries: readonly T[], keyOf: (entry: T) => readonly string[]): T[] {
  const compare = (a: T, b: T) => {
    const [left, right] = [keyOf(a), keyOf(b)]
    const differs = left.findIndex((part, index) => part !== right[index])
    return differs === -1 ? 0 : left[differs]! < right[differs]! ? -1 : 1
  }
  return entries.toSorted(compare)
}

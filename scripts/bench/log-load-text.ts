import {type TableCell, table} from '../table.js'
import type {LoadRow} from './log-load.js'

/** The load on each database, as a table. */
export function loadText(rows: readonly LoadRow[]): string {
  const names = ['database', 'writers', 'snapshots', 'rows', 'seconds', 'rows/s', 'answers']
  const cells = rows.map((row): TableCell[] => [
    row.database,
    row.writers,
    row.writers * row.snapshots,
    row.rows,
    Number(row.seconds.toPrecision(3)),
    Number(row.rowsPerSecond.toPrecision(3)),
    row.answers,
  ])
  return table(names, cells)
}

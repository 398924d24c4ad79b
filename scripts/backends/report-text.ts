import {rounded} from '../amounts.js'
import {type TableCell, table} from '../table.js'
import type {BackendReport} from './report.js'

const head = [
  'backend',
  'state',
  'version',
  'library',
  'device',
  'GFLOPS',
  'distance error',
  'bound error',
  'round-off',
]

/** A table of all backends, then a line for each that is not simply there. */
export function reportText(reports: readonly BackendReport[], width?: number): string {
  const rows = reports.map((report): TableCell[] => [
    report.name,
    report.state,
    report.version,
    report.library,
    report.device,
    rounded(report.matMul?.gflops),
    report.distanceError?.toExponential(1),
    report.boundError?.toExponential(1),
    report.roundoff === undefined ? null : `2^${Number(Math.log2(report.roundoff).toFixed(1))}`,
  ])
  const legend =
    'GFLOPS: the product of two 1024 x 1024 matrices, median of 5. Errors: the largest against float64, relative.\n'
  const reasons = reports.flatMap(({name, why}) => (why === null ? [] : [`${name}: ${why}\n`]))
  return [table(head, rows, width), legend, ...reasons].join('')
}

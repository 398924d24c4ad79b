import Table from 'cli-table3'
import stringWidth from 'string-width'
import {oneLine} from './terminal.js'

/** Null and undefined are left empty. */
export type TableCell = string | number | null | undefined

/** Characters below which a text is not cut; its column is left out instead. */
const leastText = 8

/**
 * A table as plain text, ended by a line break. Columns of numbers stand to the right.
 *
 * @param head names of the columns
 * @param rows a cell for each column
 * @param width columns of the terminal: where the table is wider, texts are cut, then columns on the
 *   right left out, and a line below says so. Default: as wide as it comes
 *
 * @example
 * stdout.write(table(['run', 'step'], [['mlp', 63]], terminalWidth(stdout)))
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly TableCell[])[],
  width?: number,
): string {
  const cells = [head, ...rows].map((row) => row.map(textOf))
  const columns = head.map((_, column) => {
    const widths = cells.map((row) => stringWidth(row[column] ?? ''))
    const natural = Math.max(1, ...widths)
    const numbers = rows.length > 0 && rows.every((row) => typeof (row[column] ?? 0) === 'number')
    const whole = numbers ? Math.max(...widths.slice(1)) : 0
    return {numbers, natural, least: Math.max(whole, Math.min(natural, leastText))}
  })
  const widths = fit(columns, width)
  const kept = columns.slice(0, widths.length)
  const drawn = new Table({
    head: widths.map((one, column) => cutMiddle(cells[0]![column] ?? '', one)),
    style: {head: [], border: [], compact: true},
    // Cells have a blank on either side.
    colWidths: widths.map((one) => one + 2),
    colAligns: kept.map(({numbers}) => (numbers ? 'right' : 'left')),
  })
  for (const row of cells.slice(1)) {
    drawn.push(widths.map((one, column) => cutMiddle(row[column] ?? '', one)))
  }
  const notes = [
    kept.some(({natural}, column) => natural > widths[column]!) ? 'cells with … are cut' : '',
    kept.length < columns.length ? `left out: ${cells[0]!.slice(kept.length).join(', ')}` : '',
  ].filter((note) => note !== '')
  if (notes.length === 0) return `${drawn.toString()}\n`
  return `${drawn.toString()}\n(${width} columns are not enough: ${notes.join('; ')})\n`
}

interface Column {
  readonly numbers: boolean
  /** Characters of its widest cell. */
  readonly natural: number
  /** Characters without which it is left out: a number is never cut, the name above it may be. */
  readonly least: number
}

/** Widths of the columns that there is room for, from the left. */
function fit(columns: readonly Column[], width = Number.POSITIVE_INFINITY): readonly number[] {
  // A line before each column and one after the last, and a blank on either side of each cell.
  const total = (widths: readonly number[]) => widths.reduce((sum, one) => sum + one + 3, 1)
  let kept = columns
  while (kept.length > 1 && total(kept.map(({least}) => least)) > width) kept = kept.slice(0, -1)
  let widest = Math.max(...kept.map(({natural}) => natural))
  const cut = () => kept.map(({natural, least}) => Math.max(least, Math.min(natural, widest)))
  while (widest > 1 && total(cut()) > width) widest--
  return cut()
}

/** Names often differ at their ends: a text that is too wide loses its middle. */
function cutMiddle(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  const signs = [...text]
  let [head, tail] = ['', '']
  while (stringWidth(head + signs[0]) <= Math.ceil((width - 1) / 2)) head += signs.shift()
  while (stringWidth(head + signs.at(-1) + tail) <= width - 1) tail = signs.pop() + tail
  return `${head}…${tail}`
}

function textOf(cell: TableCell): string {
  return cell === null || cell === undefined ? '' : oneLine(String(cell))
}

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
    const natural = greatest(widths, 1)
    const numbers = rows.length > 0 && rows.every((row) => typeof (row[column] ?? 0) === 'number')
    const whole = numbers ? greatest(widths.slice(1)) : 0
    return {numbers, natural, least: Math.max(whole, Math.min(natural, leastText))}
  })
  const widths = fit(columns, width)
  const kept = columns.slice(0, widths.length)
  const drawn = draw(
    cells.map((row) => widths.map((one, column) => cutMiddle(row[column] ?? '', one))),
    // Cells have a blank on either side.
    widths.map((one) => one + 2),
    kept.map(({numbers}) => (numbers ? 'right' : 'left')),
  )
  const notes = [
    kept.some(({natural}, column) => natural > widths[column]!) ? 'cells with … are cut' : '',
    kept.length < columns.length ? `left out: ${cells[0]!.slice(kept.length).join(', ')}` : '',
  ].filter((note) => note !== '')
  if (notes.length === 0) return `${drawn}\n`
  return `${drawn}\n(${width} columns are not enough: ${notes.join('; ')})\n`
}

/** Rows that are drawn together: cli-table3 compares each cell with all those above it. */
const rowsOfPiece = 500

/** The head is the first of the rows; each takes one line. */
function draw(
  [head, ...rows]: readonly (readonly string[])[],
  colWidths: readonly number[],
  colAligns: readonly ('left' | 'right')[],
): string {
  const lines: string[] = []
  for (let start = 0; start === 0 || start < rows.length; start += rowsOfPiece) {
    const piece = new Table({
      ...(start === 0 && {head: [...head!]}),
      style: {head: [], border: [], compact: true},
      colWidths: [...colWidths],
      colAligns: [...colAligns],
    })
    for (const row of rows.slice(start, start + rowsOfPiece)) piece.push([...row])
    const drawn = piece.toString().split('\n')
    const isLast = start + rowsOfPiece >= rows.length
    for (const line of drawn.slice(start === 0 ? 0 : 1, isLast ? undefined : -1)) lines.push(line)
  }
  return lines.join('\n')
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
  let widest = greatest(kept.map(({natural}) => natural))
  const cut = () => kept.map(({natural, least}) => Math.max(least, Math.min(natural, widest)))
  while (widest > 1 && total(cut()) > width) widest--
  return cut()
}

/** `Math.max(...values)` takes no more values than a call takes arguments, about 100,000. */
const greatest = (values: readonly number[], least = 0) =>
  values.reduce((most, value) => Math.max(most, value), least)

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

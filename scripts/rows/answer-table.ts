import {count} from '../select-runs.js'
import type {Answer, Row} from '../sql/ask.js'
import {table} from '../table.js'
import {tableCell} from './values.js'

/**
 * The first rows of an answer as a table, and a line that says how many there are.
 *
 * @param most rows that are shown
 * @param width columns of the terminal; default: as wide as it comes
 */
export async function answerTable(
  {names, rows}: Answer,
  most: number,
  width?: number,
): Promise<string> {
  const shown: Row[] = []
  let more = false
  for await (const row of rows) {
    more = shown.length === most
    if (more) break
    shown.push(row)
  }
  const columns = names ?? Object.keys(shown[0] ?? {})
  const lines = shown.map((row) => columns.map((name) => tableCell(row[name])))
  const said = more
    ? `the first ${count(most, 'row')}: --rows shows more, --format csv all`
    : count(shown.length, 'row')
  return columns.length === 0 ? `${said}\n` : `${table(columns, lines, width)}${said}\n`
}

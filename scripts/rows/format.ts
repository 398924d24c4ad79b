import type {Answer, Value} from '../sql/ask.js'
import {csvField, jsonValue} from './values.js'

export const rowFormats = ['csv', 'json'] as const
export type RowFormat = (typeof rowFormats)[number]

/** Characters of a piece: each is one write. */
const pieceLength = 65_536

/**
 * Rows as text, in pieces, so that any number of them needs little memory.
 *
 * @param format `csv`: a line of names, then a line each; `json`: an array with an object a line
 *
 * @example
 * for await (const piece of formatted('csv', answer)) stdout.write(piece)
 */
export async function* formatted(format: RowFormat, answer: Answer): AsyncGenerator<string> {
  let piece = ''
  for await (const line of format === 'csv' ? csv(answer) : json(answer)) {
    piece += line
    if (piece.length < pieceLength) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}

async function* csv({names, rows}: Answer): AsyncGenerator<string> {
  let columns = names
  if (columns) yield csvLine(columns)
  for await (const row of rows) {
    if (!columns) {
      columns = Object.keys(row)
      yield csvLine(columns)
    }
    yield csvLine(columns.map((name) => row[name]))
  }
}

const csvLine = (values: readonly (Value | undefined)[]) => `${values.map(csvField).join(',')}\n`

async function* json({rows}: Answer): AsyncGenerator<string> {
  let before = '[\n'
  for await (const row of rows) {
    const values = Object.entries(row).map(([name, value]) => [name, jsonValue(value)])
    yield `${before}${JSON.stringify(Object.fromEntries(values))}`
    before = ',\n'
  }
  yield before === '[\n' ? '[]\n' : '\n]\n'
}

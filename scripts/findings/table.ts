import Table from 'cli-table3'
import {wrap} from '../figures/page.js'
import {partition} from '../partition.js'
import {table} from '../table.js'
import {effectText, type Finding, intervalText} from './finding.js'
import {findingsGrid} from './grid.js'
import type {Findings} from './index.js'

/** Widths of the columns, 100 characters with the lines between them, and how narrow they may get. */
const widest = [31, 9, 20, 22, 12]
const narrowest = [16, 9, 12, 10, 12]

/**
 * The findings as a table without colours, the notes below.
 *
 * @param columns of the terminal; words are broken into lines down to 65
 *
 * @example
 * stdout.write(findingsTable(await findingsOf(log)))
 */
export function findingsTable(
  {findings, notes}: Pick<Findings, 'findings' | 'notes'>,
  columns = 100,
): string {
  const widths = narrowed(columns)
  const drawn = new Table({
    head: ['', 'effect', '95 % interval', 'each seed', 'verdict'],
    style: {head: [], border: [], compact: true},
    colWidths: [...widths],
    wordWrap: true,
  })
  const heading = ({finding, run, subject}: Finding) => `${finding}  ${run}: ${subject}`
  for (const together of partition(findings, heading)) {
    drawn.push([{content: heading(together[0]!), colSpan: widths.length}])
    for (const finding of together) {
      const {compared, effect, interval, seeds, verdict} = words(finding)
      drawn.push([compared, effect, interval, seeds, verdict])
    }
  }
  const width = widths.reduce((sum, one) => sum + one + 1, 1)
  const lines = notes.flatMap((note) => wrap(note, width))
  return `${drawn.toString()}\n${lines.join('\n')}\n`
}

/**
 * The tables over all networks, without colours, the notes below.
 *
 * @param columns of the terminal; undefined: as wide as they come
 *
 * @example
 * stdout.write(gridTable(await findingsOf(log)))
 */
export function gridTable(found: Findings, columns?: number): string {
  const said = (text: string) => wrap(text, columns ?? 100).join('\n')
  const tables = findingsGrid(found).map(
    ({title, head, rows}) => `${said(title)}\n${table(head, rows, columns)}`,
  )
  return `${tables.join('\n')}\n${found.notes.map(said).join('\n')}\n`
}

function narrowed(columns: number): readonly number[] {
  const widths = [...widest]
  const total = () => widths.reduce((sum, one) => sum + one + 1, 1)
  while (total() > columns) {
    const room = widths.map((one, column) => one - narrowest[column]!)
    if (Math.max(...room) === 0) break
    widths[room.indexOf(Math.max(...room))]!--
  }
  return widths
}

/** The numbers of a finding as text: factors for ratios, bits with their sign for differences. */
export function words(finding: Finding) {
  const {compared, scale, mean, seeds, verdict} = finding
  return {
    compared,
    effect: effectText(scale, mean),
    interval: intervalText(finding),
    seeds: seeds.map(({effect}) => effectText(scale, effect)).join(' '),
    verdict: verdict ?? '',
  }
}

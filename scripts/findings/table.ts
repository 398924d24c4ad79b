import Table from 'cli-table3'
import {wrap} from '../figures/page.js'
import {partition} from '../partition.js'
import {effectText, type Finding, intervalText} from './finding.js'
import type {Findings} from './index.js'

/** Widths of the columns, 100 characters with the lines between them. */
const widths = [31, 9, 20, 22, 12]

/**
 * The findings as a table for a terminal of 100 columns, without colours, the notes below.
 *
 * @example
 * stdout.write(findingsTable(await findingsOf(log)))
 */
export function findingsTable({findings, notes}: Findings): string {
  const table = new Table({
    head: ['', 'effect', '95 % interval', 'each seed', 'verdict'],
    style: {head: [], border: [], compact: true},
    colWidths: [...widths],
    wordWrap: true,
  })
  const heading = ({finding, run, subject}: Finding) => `${finding}  ${run}: ${subject}`
  for (const together of partition(findings, heading)) {
    table.push([{content: heading(together[0]!), colSpan: widths.length}])
    for (const finding of together) {
      const {compared, effect, interval, seeds, verdict} = words(finding)
      table.push([compared, effect, interval, seeds, verdict])
    }
  }
  const width = widths.reduce((sum, one) => sum + one + 1, 1)
  const lines = notes.flatMap((note) => wrap(note, width))
  return `${table.toString()}\n${lines.join('\n')}\n`
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

import {partition} from '../partition.js'
import {count, type SelectedRun, thousands} from '../select-runs.js'
import type {Row} from './rows.js'

/**
 * Says what lines and bands are made of, with the numbers of points and seeds.
 *
 * @example
 * linesCaption(rows, runs)
 * // 'Thick line: median over the points of 3 seeds together (128 of each group, ...'
 */
export function linesCaption(rows: readonly Row[], runs: readonly SelectedRun[]): string {
  const seeds = seedsEach(runs)
  const points = `${pointsOf(rows)} of each group, seed and snapshot`
  return seeds === '1'
    ? `Line: median over the points of one seed (${points}); band: 10–90 % of them.`
    : `Thick line: median over the points of ${seeds} seeds together (${points}); ` +
        'band: 10–90 % of them; thin lines: the median of each seed.'
}

/** How many seeds the names have: `3 seeds`, `1–3 seeds`. */
export function seedsOf(runs: readonly SelectedRun[]): string {
  const seeds = seedsEach(runs)
  return `${seeds} ${seeds === '1' ? 'seed' : 'seeds'}`
}

const seedsEach = (runs: readonly SelectedRun[]) =>
  span(partition(runs, (run) => run.name).map((ofName) => ofName.length))

/** How many points a group has at one snapshot of one run: a number, or the least and the greatest. */
export function pointsOf(rows: readonly Row[]): string {
  const groups = partition(rows, (row) => `${row.name}\n${row.seed}\n${row.step}\n${row.group}`)
  return span(groups.map((group) => group.length))
}

/** Says what the snapshots lack. */
export function snapshotsCaption(snapshots: readonly {readonly status: string}[]): string {
  const failed = snapshots.filter((snapshot) => snapshot.status === 'failed').length
  const partial = snapshots.filter((snapshot) => snapshot.status === 'partial').length
  const lacking = [
    failed && `${count(failed, 'snapshot')} failed`,
    partial && `${count(partial, 'snapshot')} are partial`,
  ].filter(Boolean)
  return lacking.length === 0 ? '' : `Of ${snapshots.length}, ${lacking.join(' and ')}.`
}

/** Says how many values are infinite, and how they count. */
export function infinityCaption(values: readonly number[], what: string): string {
  const infinite = values.filter((value) => value === Number.POSITIVE_INFINITY).length
  return infinite === 0
    ? ''
    : `${thousands(infinite)} of ${thousands(values.length)} ${what} are infinite and count as the largest.`
}

/** Says how many snapshots could not be pooled, because other seeds have none at their step. */
export function aloneCaption(alone: number): string {
  return alone === 0
    ? ''
    : `Not pooled: ${count(alone, 'snapshot')} at steps that other seeds lack.`
}

function span(numbers: readonly number[]): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
  return least === most ? `${least}` : `${least}–${most}`
}

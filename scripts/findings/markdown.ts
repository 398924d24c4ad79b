import {findingsGrid} from './grid.js'
import type {Findings} from './index.js'
import {words} from './table.js'

/** What the findings say, in two sentences. */
export const claims =
  'A: during training the region boundaries tend to move away from the training points. ' +
  'B: spheres around training points tend to contain more regions than spheres around arbitrary ' +
  'points. After the abstract of arXiv:2007.06803.'

const head = ['', 'runs', 'of', 'compared', 'effect', '95 % interval', 'each seed', 'verdict']

/**
 * The findings as a page of Markdown: tables over all networks, the notes, then a table of every row and
 * each verdict in words.
 *
 * @example
 * await writeFile('findings.md', findingsMarkdown(await findingsOf(log)))
 */
export function findingsMarkdown(found: Findings): string {
  const {findings, notes} = found
  const rows = findings.map((finding) => {
    const {compared, effect, interval, seeds, verdict} = words(finding)
    const {finding: letter, run, subject} = finding
    return [letter, run, subject, compared, effect, interval, seeds, verdict]
  })
  const judged = findings
    .filter((finding) => finding.verdict !== null)
    .map((finding) => `- **${finding.verdict}**: ${plain(finding.sentence)}`)
  const list = notes.map((note) => `- ${plain(note)}`)
  const parts = [[claims], ...gridMarkdown(found), list, ['Every row:'], table(head, rows), judged]
  return `${parts.map((part) => part.join('\n')).join('\n\n')}\n`
}

/** The tables over all networks, each as its title and the lines of a table of Markdown. */
export function gridMarkdown(found: Findings): readonly (readonly string[])[] {
  return findingsGrid(found).flatMap(({title, head, rows}) => [[`${title}:`], table(head, rows)])
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(plain).join(' | ')} |`)

/** A radius rule holds an asterisk; a name may hold anything. */
const plain = (text: string) => text.replace(/[\\|*_<]/g, (sign) => `\\${sign}`)

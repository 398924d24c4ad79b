import type {Findings} from './index.js'
import {words} from './table.js'

/** What the findings say, in two sentences. */
export const claims =
  'A: during training the region boundaries tend to move away from the training points. ' +
  'B: spheres around training points tend to contain more regions than spheres around arbitrary ' +
  'points. After the abstract of arXiv:2007.06803.'

const head = ['', 'runs', 'of', 'compared', 'effect', '95 % interval', 'each seed', 'verdict']

/**
 * The findings as a page of Markdown: a table of all rows, then each verdict in words, then the notes.
 *
 * @example
 * await writeFile('findings.md', findingsMarkdown(await findingsOf(log)))
 */
export function findingsMarkdown({findings, notes}: Findings): string {
  const rows = findings.map((finding) => {
    const {compared, effect, interval, seeds, verdict} = words(finding)
    const {finding: letter, run, subject} = finding
    return [letter, run, subject, compared, effect, interval, seeds, verdict]
  })
  const table = [head, head.map(() => '---'), ...rows].map(
    (row) => `| ${row.map(plain).join(' | ')} |`,
  )
  const judged = findings
    .filter((finding) => finding.verdict !== null)
    .map((finding) => `- **${finding.verdict}**: ${plain(finding.sentence)}`)
  const list = notes.map((note) => `- ${plain(note)}`)
  return `${[[claims], table, judged, list].map((part) => part.join('\n')).join('\n\n')}\n`
}

/** A radius rule holds an asterisk; a name may hold anything. */
const plain = (text: string) => text.replace(/[\\|*_<]/g, (sign) => `\\${sign}`)

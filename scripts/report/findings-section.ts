import {findingsGrid, type Grid} from '../findings/grid.js'
import type {Finding} from '../findings/index.js'
import {claims} from '../findings/markdown.js'
import {words} from '../findings/table.js'
import {partition} from '../partition.js'
import type {Report} from './gather.js'
import {type Html, html} from './html.js'
import {sqlDetails} from './sql-details.js'

/** What the log says of the two findings: a table, the verdicts in words, notes. */
export function findingsSection({findings}: Report): Html {
  if ('none' in findings) {
    return html`<p class="notes">There are none to show: ${findings.none}.</p>`
  }
  const heading = ({finding, run, subject}: Finding) => `${finding}  ${run}: ${subject}`
  const judged = findings.findings.filter(({verdict}) => verdict !== null)
  return html`<p>${claims}</p>
${findingsGrid(findings).map(gridOf)}
<div class="wide"><table>
<thead><tr><th>compared</th><th class="number">effect</th><th>95 % interval</th><th>each seed</th><th>verdict</th></tr></thead>
${partition(findings.findings, heading).map(
  (together) => html`<tbody>
<tr><th colspan="5" scope="rowgroup">${heading(together[0]!)}</th></tr>
${together.map(row)}</tbody>
`,
)}</table></div>
<ul class="notes">${findings.notes.map((note) => html`<li>${note}</li>\n`)}</ul>
<details><summary>The verdicts in words</summary>
<ul>${judged.map(({verdict, sentence}) => html`<li>${badge(verdict)} ${sentence}</li>\n`)}</ul>
</details>
${sqlDetails(findings.sql)}`
}

const gridOf = ({title, head, rows}: Grid) => html`<div class="wide"><table>
<caption>${title}</caption>
<thead><tr>${head.map((cell) => html`<th>${cell}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table></div>
`

function row(finding: Finding): Html {
  const {compared, effect, interval, seeds} = words(finding)
  return html`<tr><td>${compared}</td><td class="number">${effect}</td><td class="short">${interval}</td><td>${seeds}</td><td>${badge(finding.verdict)}</td></tr>
`
}

const badge = (verdict: Finding['verdict']) =>
  verdict && html`<span class="verdict ${verdict}">${verdict}</span>`

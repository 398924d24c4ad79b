import {count} from '../select-runs.js'
import {type Html, html} from './html.js'

/** Questions to the log, behind a line that opens them. */
export function sqlDetails(questions: readonly string[]): Html {
  return html`<details class="sql"><summary>SQL behind it (${count(questions.length, 'query').replace('querys', 'queries')})</summary>
${questions.map((sql) => html`<pre><code>${sql}</code></pre>\n`)}</details>`
}

import stringify from 'json-stringify-pretty-compact'
import {durationText, rounded, timeText} from '../amounts.js'
import type {DescribedRun} from '../runs/describe.js'
import {factsOf} from '../runs/show.js'
import {type Html, html} from './html.js'

/** Runs above this number are described, but not opened. */
const mostOpen = 1

/** A line for each run, then everything that is known of each. */
export function runsSection(runs: readonly DescribedRun[]): Html {
  const head = ['run', 'seed', 'status', 'started', 'took', 'snapshots', 'step', 'epoch', 'loss']
  const numbers = ['seed', 'snapshots', 'step', 'epoch', 'loss']
  return html`<div class="wide"><table>
<thead><tr>${head.map((name) => html`<th${numbers.includes(name) ? html` class="number"` : ''}>${name}</th>`)}</tr></thead>
<tbody>
${runs.map(line)}</tbody>
</table></div>
${runs.map((run) => details(run, runs.length <= mostOpen))}`
}

function line({name, seed, status, started_at, seconds, snapshots}: DescribedRun): Html {
  const {complete, partial, failed, last} = snapshots
  const number = (value: number | null | undefined) => html`<td class="number">${value}</td>`
  return html`<tr><td class="name">${name}</td>${number(seed)}<td>${status}</td><td class="short">${timeText(started_at)}</td><td class="short">${durationText(seconds)}</td>${number(
    complete + partial + failed,
  )}${number(last?.step)}${number(rounded(last?.epoch))}${number(rounded(last?.loss))}</tr>
`
}

function details(run: DescribedRun, open: boolean): Html {
  const {name, seed, config, layers, measures} = run
  return html`<details class="run"${open ? ' open' : ''}><summary>${name}, seed ${seed}</summary>
<dl>
${factsOf(run).map(([title, text]) => html`<dt>${title}</dt><dd>${text}</dd>\n`)}<dt>layers</dt><dd>${layers
    .map((layer, index) => `${index}: ${layer.name} (${layer.class}, ${layer.units} units)`)
    .join(', ')}</dd>
<dt>measures</dt><dd>${measures.map((measure) => `${measure.name} (${measure.unit})`).join(', ')}</dd>
</dl>
<h3>Config</h3>
<pre><code>${stringify(config, {maxLength: 90})}</code></pre>
</details>
`
}

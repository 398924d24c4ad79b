import {basename} from 'node:path'
import {timeText} from '../amounts.js'
import {packageVersion} from '../package-root.js'
import {count} from '../select-runs.js'
import {figuresSection} from './figures-section.js'
import {findingsSection} from './findings-section.js'
import type {Report} from './gather.js'
import {html, trusted} from './html.js'
import {runsSection} from './runs-section.js'
import {style} from './style.js'

/** Nothing is loaded and no script runs, even if one should get into the page. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/**
 * A report as one HTML page that needs no network.
 *
 * @param database path of the log
 * @param now when the report is made, ISO time
 */
export function reportPage(report: Report, database: string, now: string): string {
  const {runs} = report
  const names = [...new Set(runs.map(({name}) => name))]
  const title = names.length <= 3 ? names.join(', ') : `${names.length} experiments`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="tfjs-linear-regions ${packageVersion()}">
<title>${title}: linear regions</title>
<style>${trusted(style)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="lead">Linear regions over training: ${count(runs.length, 'run')} in ${basename(database)}, ${timeText(now)}</p>
<p>A ReLU network is affine on each of many regions of its inputs. Here are the exact distance of points to the nearest boundary of a region, and upper bounds on the number of regions in balls around them, as they were measured during training.</p>
</header>
<main>
<section id="findings">
<h2>Findings</h2>
${findingsSection(report)}
</section>
<section id="figures">
<h2>Figures</h2>
${figuresSection(report)}
</section>
<section id="runs">
<h2>Runs</h2>
${runsSection(runs)}
</section>
</main>
<footer>Made by tfjs-linear-regions ${packageVersion()} from ${database}. The SQL runs as it stands: <code>linear-regions query</code>.</footer>
</body>
</html>
`.html
}

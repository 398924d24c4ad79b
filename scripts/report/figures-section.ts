import type {DrawnFigure, Report} from './gather.js'
import {type Html, html, trusted} from './html.js'
import {sqlDetails} from './sql-details.js'

/** Every figure that could be drawn, each with the SQL behind it. */
export function figuresSection({drawn, notDrawn}: Report): Html {
  return html`${drawn.map(figureOf)}
${notDrawn.map((why) => html`<p class="notes">Not drawn: ${why}.</p>\n`)}`
}

const figureOf = ({
  name,
  summary,
  svg,
  sql,
}: DrawnFigure) => html`<figure id="${name}" aria-label="${summary}">
${trusted(svg)}
<figcaption>${sqlDetails(sql)}</figcaption>
</figure>
`

import {cannotDraw} from '../cannot-draw.js'
import {fitPage} from '../figures/fit-page.js'
import {type FigureOptions, figures} from '../figures/index.js'
import {render} from '../figures/render.js'
import {type Findings, findingsOf} from '../findings/index.js'
import {type DescribedRun, describeRuns} from '../runs/describe.js'
import type {RunLog} from '../runs/find.js'
import {type Selection, selectRuns} from '../select-runs.js'
import {recordSql} from '../sql/record.js'

/** A figure as the report shows it. */
export interface DrawnFigure {
  readonly name: string
  readonly summary: string
  readonly svg: string
  readonly sql: readonly string[]
}

/** Everything that a report says of a log. */
export interface Report {
  readonly runs: readonly DescribedRun[]
  readonly drawn: readonly DrawnFigure[]
  /** Why the other figures were not drawn. */
  readonly notDrawn: readonly string[]
  /** The findings and the questions behind them; or why there are none. */
  readonly findings: (Findings & {readonly sql: readonly string[]}) | {readonly none: string}
}

/**
 * Reads and draws what a report shows.
 *
 * @param wanted names or ids of runs; default: all
 * @throws Error where the log has no such runs, or does not hold what the options name
 */
export async function gatherReport(
  log: RunLog,
  wanted: readonly string[] | undefined,
  options: FigureOptions,
): Promise<Report> {
  const selection = await selectRuns(log, wanted)
  const drawn: DrawnFigure[] = []
  const notDrawn: string[] = []
  for (const figure of figures) {
    // Each drawing has a record of its own: one that does not fit is drawn again, of fewer runs.
    const draw = async (some: Selection) => {
      const recorded = recordSql(log)
      const spec = await figure.spec(recorded, some, options)
      return {spec, sql: recorded.asked()}
    }
    try {
      const {spec, sql} = await (wanted ? draw(selection) : fitPage(figure, selection, draw))
      const svg = withOwnIds(String(await render(spec, 'svg')), figure.name)
      drawn.push({name: figure.name, summary: figure.summary, svg, sql})
    } catch (error) {
      if (!cannotDraw(error)) throw error
      notDrawn.push(error.message.slice('figure: '.length))
    }
  }
  const findings = await findingsIn(log, wanted, options)
  return {runs: await describeRuns(log, wanted), drawn, notDrawn, findings}
}

async function findingsIn(
  log: RunLog,
  runs: readonly string[] | undefined,
  {norm, method, counting}: FigureOptions,
): Promise<Report['findings']> {
  const recorded = recordSql(log)
  const options = {
    ...(runs && {runs}),
    ...(norm && {norm}),
    ...(method && {method}),
    ...(counting && {counting}),
  }
  try {
    const findings = await findingsOf(recorded, options)
    return {...findings, sql: recorded.asked()}
  } catch (error) {
    return {none: (error as Error).message}
  }
}

/** Several drawings in one page must not refer to parts of each other. */
function withOwnIds(svg: string, name: string): string {
  return svg.replaceAll(/<[^>]+>/g, (tag) =>
    tag.replaceAll(/( id="|url\(#|href="#)/g, (before) => `${before}${name}-`),
  )
}

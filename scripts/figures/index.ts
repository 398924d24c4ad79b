import type {TopLevelSpec} from 'vega-lite'
import {type LogReader, selectRuns} from '../select-runs.js'
import {boundAgainstRadius} from './bound-against-radius.js'
import {boundOverTraining} from './bound-over-training.js'
import {distanceByLayer} from './distance-by-layer.js'
import {distanceOverTraining} from './distance-over-training.js'
import {distributions} from './distributions.js'
import type {Figure, FigureOptions} from './figure.js'
import {finalDistance} from './final-distance.js'
import {fitPage} from './fit-page.js'
import {groupsOverTraining} from './groups-over-training.js'
import {regionsDifference} from './regions-difference.js'
import {slice} from './slice.js'
import {training} from './training.js'

export type {Figure, FigureOptions} from './figure.js'

/** Every figure, in the order in which they are listed and drawn. */
export const figures: readonly Figure[] = [
  distanceOverTraining,
  boundOverTraining,
  boundAgainstRadius,
  regionsDifference,
  distanceByLayer,
  distributions,
  finalDistance,
  groupsOverTraining,
  training,
  slice,
]

/**
 * The figure of a name.
 *
 * @throws Error listing the figures, where there is none of that name
 */
export function figureNamed(name: string): Figure {
  const figure = figures.find((one) => one.name === name)
  if (figure) return figure
  const names = figures.map((one) => one.name).join(', ')
  throw new Error(`figure: expected one of ${names}, got "${name}"`)
}

export interface DrawOptions extends FigureOptions {
  /** Names or ids of runs. Default: all, or those of one network where the panels of all do not fit a page. */
  readonly runs?: readonly string[]
}

/**
 * Makes the Vega-Lite spec of a figure from a log; `render` turns it into a picture.
 *
 * @param log an open log
 * @param name name of the figure
 * @throws Error naming the option, what the log holds and what was asked for
 *
 * @example
 * const log = await openLog('runs.db', {readonly: true})
 * const spec = await drawFigure(log, 'distance-over-training', {runs: ['mlp-128x3']})
 * await writeFile('distance.svg', await render(spec, 'svg'))
 */
export async function drawFigure(
  log: LogReader,
  name: string,
  {runs, ...options}: DrawOptions = {},
): Promise<TopLevelSpec> {
  const figure = figureNamed(name)
  const selection = await selectRuns(log, runs)
  if (runs) return await figure.spec(log, selection, options)
  const {spec} = await fitPage(figure, selection, async (some) => ({
    spec: await figure.spec(log, some, options),
  }))
  return spec
}

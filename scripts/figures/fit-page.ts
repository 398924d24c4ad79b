import type {TopLevelSpec} from 'vega-lite'
import type {Selection} from '../select-runs.js'
import type {Figure} from './figure.js'
import {rowsOfPage} from './layout.js'
import {networksOf, oneNetwork} from './one-network.js'

/** Of more networks no figure that has panels for each fits a page; their rows need not be read to know. */
const most = 6

/**
 * Draws the runs of a figure for which none were named. A figure that has panels for each network shows
 * all of them where these fit a page, else one, and says so: in a picture of ten rows nothing can be
 * found.
 *
 * @param draw the figure, of some of the runs
 */
export async function fitPage<Drawn extends {readonly spec: TopLevelSpec}>(
  {manyNetworks}: Figure,
  selection: Selection,
  draw: (selection: Selection) => Promise<Drawn>,
): Promise<Drawn> {
  const networks = networksOf(selection).length
  if (manyNetworks || networks === 1) return await draw(selection)
  if (networks <= most) {
    const drawn = await draw(selection)
    if (rowsOf(drawn.spec) <= rowsOfPage) return drawn
  }
  return await draw(oneNetwork(selection))
}

/** Rows of panels, one under another. */
function rowsOf(spec: object): number {
  if ('vconcat' in spec)
    return (spec.vconcat as readonly object[]).map(rowsOf).reduce((sum, rows) => sum + rows, 0)
  if (!('concat' in spec)) return 1
  const {concat, columns} = spec as {concat: readonly object[]; columns: number}
  return Math.ceil(concat.length / columns)
}

import {extentOf} from './extent.js'
import {roundNumbers} from './ticks.js'

/**
 * Scale and axis of a quantity that is never negative, for the `y` channel of a mark.
 *
 * @param values what is drawn
 * @param type a `linear` scale starts at 0, a `log` scale at the least value
 * @param labelled whether numbers stand beside it; not where the panel to the left has the same
 */
export function amountAxis(values: readonly number[], type: 'linear' | 'log', labelled: boolean) {
  const axis = {labels: labelled, ticks: labelled, domain: labelled}
  if (type === 'linear') {
    const domain = [0, extentOf(values)[1] || 1]
    return {scale: {type, domain, nice: true}, axis: {...axis, tickCount: 5}}
  }
  const [least, most] = extentOf(values)
  return {
    // A factor on either side, so that lines at the edge are not cut and one value alone has a scale.
    scale: {type, domain: [least / 1.15, most * 1.15], nice: false},
    axis: {...axis, values: [...roundNumbers(least / 1.15, most * 1.15)], labelExpr: 'datum.value'},
  }
}

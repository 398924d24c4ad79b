import {checkWhole} from '../options.js'
import type {RefineBudget} from './refine-ball.js'

/**
 * The option `refine`.
 *
 * @throws RangeError where neither budget is given, or one is not a number above 0
 */
export function readBudget(refine: {readonly cells?: number; readonly ms?: number}): RefineBudget {
  const unknown =
    typeof refine === 'object' && refine !== null
      ? Object.keys(refine).find((name) => name !== 'cells' && name !== 'ms')
      : undefined
  const {cells, ms} = refine ?? {}
  if (unknown !== undefined || (cells === undefined && ms === undefined)) {
    const given = JSON.stringify(refine) ?? String(refine)
    throw new RangeError(`refine: expected {cells}, {ms} or both, got ${given}`)
  }
  if (ms !== undefined && !(typeof ms === 'number' && ms > 0)) {
    throw new RangeError(`refine.ms: expected a number above 0, got ${JSON.stringify(ms)}`)
  }
  return {
    cells: cells === undefined ? Number.POSITIVE_INFINITY : checkWhole('refine.cells', cells, 1),
    ms: ms ?? Number.POSITIVE_INFINITY,
  }
}

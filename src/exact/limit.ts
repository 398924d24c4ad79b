import {checkWhole} from '../options.js'

/** Regions after which a count stops, unless another limit is given. */
const defaultLimit = 100_000

/** @throws RangeError where the option `limit` is not a whole number of at least 1 */
export function readLimit(limit: number | undefined): number {
  return limit === undefined ? defaultLimit : checkWhole('limit', limit, 1)
}

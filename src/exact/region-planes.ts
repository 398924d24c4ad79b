import {Matrix, QrDecomposition} from 'ml-matrix'
import type {Region} from './region.js'
import {multipleOf, type Row, steepness} from './row.js'
import {openBall, sameHyperplane} from './tolerance.js'

/** A hyperplane: where a row whose gradient has length 1 is zero. */
export interface Plane {
  readonly row: Row
  readonly noise: number
}

/**
 * The hyperplanes that could bound a region within the open unit ball, each once; their rows are >= 0 on the
 * region.
 */
export function planesInBall({layers}: Region): Plane[] {
  const planes: Plane[] = []
  for (const {sides} of layers) {
    for (const {row, noise} of sides) {
      const length = steepness(row)
      if (length === 0 || Math.abs(row[0]!) >= openBall * length) continue
      const known = planes.some(
        (plane) => multipleOf(plane.row, row, noise, sameHyperplane) !== undefined,
      )
      if (!known) planes.push({row: row.map((v) => v / length), noise: noise / length})
    }
  }
  return planes
}

/**
 * The same hyperplanes in coordinates of the space that their normals span, where that is smaller: what they
 * cut out of the ball is the same in every direction across it.
 */
export function inTheirSpan(planes: readonly Plane[]): readonly Plane[] {
  const [first] = planes
  if (!first || planes.length >= first.row.length - 1) return planes
  const normals = new Matrix(planes.map(({row}) => row.slice(1)))
  // N' = QR with orthonormal Q: the rows of R' are the normals in the basis Q.
  const triangle = new QrDecomposition(normals.transpose()).upperTriangularMatrix
  return planes.map(({row, noise}, i) => ({row: [row[0]!, ...triangle.getColumn(i)], noise}))
}

/** An affine function of the coordinates: row[0] + row[1] y_1 + row[2] y_2 + ... */
export type Row = readonly number[]

/** Length of the gradient. */
export function steepness(row: Row): number {
  let squares = 0
  for (let k = 1; k < row.length; k++) squares += row[k]! ** 2
  return Math.sqrt(squares)
}

/** Whether a row is zero throughout, up to noise. */
export function isZero(row: Row, noise: number): boolean {
  return Math.abs(row[0]!) + steepness(row) <= noise
}

/** The same hyperplane with a gradient of length 1, or undefined where the row is constant. */
export function normalised(row: Row): Row | undefined {
  const length = steepness(row)
  return length === 0 ? undefined : row.map((v) => v / length)
}

/**
 * The factor that makes the row out of a normalised one, or undefined where they are different
 * hyperplanes. What is zero throughout is a multiple of everything.
 */
export function multipleOf(
  plane: Row,
  row: Row,
  noise: number,
  tolerance: number,
): number | undefined {
  const length = steepness(row)
  if (Math.abs(row[0]!) + length <= noise) return 0
  let factor = 0
  for (let k = 1; k < row.length; k++) factor += row[k]! * plane[k]!
  let squares = 0
  for (let k = 1; k < row.length; k++) squares += (row[k]! - factor * plane[k]!) ** 2
  const difference = Math.abs(row[0]! - factor * plane[0]!) + Math.sqrt(squares)
  return difference <= tolerance * length + noise ? factor : undefined
}

/**
 * Floating-point operations of the matrix products that pull both sides of every hidden unit of a perceptron back to
 * its input, at one point: for unit rows of layer l, products with the weights of l - 1, ..., 2 and with the factor of
 * the first, which has as many columns as there are units or inputs, whichever is less.
 *
 * @param widths inputs, then the units of each hidden layer
 *
 * @example
 * crownOperations([784, 256, 256]) // 2 sides x 256 rows x 2 x 256 x 256
 */
export function crownOperations([inputs, ...units]: readonly number[]): number {
  const first = units[0]! * Math.min(units[0]!, inputs!)
  let perRow = 2 * first
  let operations = 0
  for (let layer = 1; layer < units.length; layer++) {
    operations += 2 * units[layer]! * perRow
    perRow += 2 * units[layer]! * units[layer - 1]!
  }
  return operations
}

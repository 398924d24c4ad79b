import type {AffineMap} from '../affine/affine-map.js'

/**
 * Numbers of a network as affine functions of some coordinates y, where no kink is crossed:
 *
 *     number_i(y) = columns[0][i] + columns[1][i] y_1 + columns[2][i] y_2 + ...
 *
 * The coordinates are scaled so that what is looked at has a size of about 1.
 */
export interface AffineValues {
  readonly columns: readonly Float64Array[]
  /** Size up to which all coefficients of a number may be what rounding left of zero. */
  readonly noise: Float64Array
}

/** A share of what was added up; a few times the rounding error of a sum in float64. */
const noiseShare = 2 ** -48

/** The input x = origin + y_1 directions[0] + y_2 directions[1] + ... */
export function inputValues(
  origin: Float64Array,
  directions: readonly Float64Array[],
): AffineValues {
  return {columns: [origin, ...directions], noise: new Float64Array(origin.length)}
}

/** What an affine map makes of its inputs, in float64 on the host. */
export function affinePush(map: AffineMap): (inputs: readonly AffineValues[]) => AffineValues {
  const bias = map.apply64(map.inputSizes.map((size) => new Float64Array(size)))
  return (inputs) => {
    const columns = inputs[0]!.columns.map((_, k) => {
      const column = inputs.map((values) => values.columns[k]!)
      return k === 0 ? map.apply64(column) : linear(map, bias, column)
    })
    // A map of single numbers adds nothing up.
    if (map.fanIn === 1) return {columns, noise: map.apply64(inputs.map(({noise}) => noise))}
    const noise = noiseOf(map, inputs)
    clearNoise(columns, noise)
    return {columns, noise}
  }
}

/**
 * W x from W x + b. The input is scaled up by a power of two, which is exact, so that the bias takes no
 * digits from the sum.
 */
function linear(map: AffineMap, bias: Float64Array, column: readonly Float64Array[]): Float64Array {
  const largest = Math.max(...column.map(maxAbs))
  if (largest === 0) return new Float64Array(map.outputSize)
  const factor = 2 ** (60 - Math.ceil(Math.log2(largest)))
  const scaled = map.apply64(column.map((x) => x.map((v) => v * factor)))
  return scaled.map((v, i) => (v - bias[i]!) / factor)
}

function maxAbs(values: Float64Array): number {
  return values.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
}

/** |W| |h| is at most the length of a row of W times that of h. */
function noiseOf(map: AffineMap, inputs: readonly AffineValues[]): Float64Array {
  const lengths = inputs.map(({columns, noise}) =>
    Math.sqrt(noise.reduce((sum, _, j) => sum + sizeOf(columns, j) ** 2, 0)),
  )
  return Float64Array.from({length: map.outputSize}, (_, i) =>
    lengths.reduce((sum, length, k) => sum + noiseShare * map.rowNorms[k]![i]! * length, 0),
  )
}

/** How large a number can be at coordinates of length 1. */
function sizeOf(columns: readonly Float64Array[], i: number): number {
  let squares = 0
  for (let k = 1; k < columns.length; k++) squares += columns[k]![i]! ** 2
  return Math.abs(columns[0]![i]!) + Math.sqrt(squares)
}

/** A number that is zero throughout is made exactly so: a unit that is off must not flicker. */
function clearNoise(columns: readonly Float64Array[], noise: Float64Array): void {
  noise.forEach((limit, i) => {
    if (sizeOf(columns, i) <= limit) for (const column of columns) column[i] = 0
  })
}

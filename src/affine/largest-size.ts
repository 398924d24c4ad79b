/** The largest |value|; 1 where all are 0, so that one can divide by it. */
export function largestSize(values: Float64Array | Float32Array): number {
  let largest = 0
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!))
  return largest || 1
}

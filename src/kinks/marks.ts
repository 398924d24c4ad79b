// Marks of numbers: 1 for those of which something holds, 0 for the others.

/** 1 for each number that is not 0. */
export function nonZero(values: Float32Array): Float32Array {
  const found = new Float32Array(values.length)
  for (let at = 0; at < found.length; at++) found[at] = Number(values[at] !== 0)
  return found
}

/** 1 for each number above a threshold. */
export function marksAbove(values: Float32Array, threshold: number): Float32Array {
  const found = new Float32Array(values.length)
  for (let at = 0; at < found.length; at++) found[at] = Number(values[at]! > threshold)
  return found
}

/** The sum of each point's marks. */
export function sumsOfPoints(marks: Float32Array, units: number): Int32Array {
  const sums = new Int32Array(marks.length / units)
  for (let point = 0, at = 0; point < sums.length; point++) {
    let sum = 0
    for (const end = at + units; at < end; at++) sum += marks[at]!
    sums[point] = sum
  }
  return sums
}

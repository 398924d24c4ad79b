import type {Lines} from '../../src/kinks/kink.js'

/** A row through the lines of a point, times a sign before: what the kernels are compared with. */
export function passedRow(lines: Lines, row: ArrayLike<number>, point: number, sign: number) {
  let slack = 0
  const entries = Array.from(row, (value, j) => {
    const [entry, at] = [sign * value, point * row.length + j]
    slack += Math.abs(entry) * (entry > 0 ? lines.lowerGap[at]! : lines.upperGap[at]!)
    return entry * (entry > 0 ? lines.lowerSlope[at]! : lines.upperSlope[at]!)
  })
  return {entries, slack}
}

import type {Kink} from '../kinks/kink.js'
import type {AffineValues} from './affine-values.js'
import type {KinkPieces, Side} from './kink-pieces.js'

/** Piece p of a function of one number lies between its thresholds p - 1 and p. */
export function elementwisePieces(
  kink: Kink,
  thresholds: readonly number[],
  units: number,
): KinkPieces {
  const f = (z: number) => kink.value64(new Float64Array(units).fill(z))
  const lines = linesBetween(thresholds, f)

  const side = (values: AffineValues, unit: number, threshold: number, sign: 1 | -1): Side => ({
    row: values.columns.map(
      (column, k) => sign * (k === 0 ? column[unit]! - thresholds[threshold]! : column[unit]!),
    ),
    noise: values.noise[unit]!,
    // At a threshold a unit is on the piece below it.
    strict: sign > 0,
    beyond: sign > 0 ? threshold : threshold + 1,
  })
  return {
    units,
    count: lines.length,
    first: () => 0,
    sides: (values, unit, piece) => {
      const sides: Side[] = []
      if (piece > 0) sides.push(side(values, unit, piece - 1, 1))
      if (piece < thresholds.length) sides.push(side(values, unit, piece, -1))
      return sides
    },
    image: ({columns, noise}, pieces) => ({
      columns: columns.map((column, k) =>
        column.map((v, unit) => {
          const {anchor, height, slope} = lines[pieces[unit]!]!
          const steep = slope[unit]!
          // Times 0 would make -0 of a number below 0.
          if (steep === 0) return k === 0 ? height[unit]! : 0
          return k === 0 ? height[unit]! + steep * (v - anchor) : steep * v
        }),
      ),
      noise,
    }),
  }
}

/** height + slope (z - anchor) on one piece; height and slope have one number a unit. */
interface PieceLine {
  readonly anchor: number
  readonly height: Float64Array
  readonly slope: Float64Array
}

function linesBetween(
  thresholds: readonly number[],
  f: (z: number) => Float64Array,
): readonly PieceLine[] {
  const last = thresholds.length - 1
  // Far enough out that float64 tells the ends from the thresholds.
  const beyond = (threshold: number) => Math.max(1, Math.abs(threshold))
  const [lowest, highest] = [thresholds[0]!, thresholds[last]!]
  const ends = [lowest - beyond(lowest), ...thresholds, highest + beyond(highest)]
  return ends.slice(1).map((right, p) => {
    const left = ends[p]!
    const [low, high] = [f(left), f(right)]
    return {
      anchor: p === 0 ? right : left,
      height: p === 0 ? high : low,
      slope: high.map((v, unit) => (v - low[unit]!) / (right - left)),
    }
  })
}

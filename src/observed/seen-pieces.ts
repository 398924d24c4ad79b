import type {Forward} from '../forward/forward.js'

/** Which units have been seen on two pieces of their function. */
export interface SeenPieces {
  /** Adds what the units do at some points, each of which belongs to the ball of a center. */
  note(forward: Forward, centers: ArrayLike<number>): void
  /** Whether a unit has been seen to change, per layer `[centers x units]`. */
  readonly changed: readonly Uint8Array[]
  /** Units that have been seen to change, per layer `[centers]`. */
  counts(): Int32Array[]
}

/**
 * Keeps track of the pieces that each unit is on at points of a ball.
 *
 * @param units of each kinked layer
 * @param onlySure whether a piece counts only where rounding leaves no doubt
 */
export function seenPieces(
  units: readonly number[],
  centerCount: number,
  onlySure: boolean,
): SeenPieces {
  const first = units.map((n) => new Int32Array(centerCount * n).fill(-1))
  const changed = units.map((n) => new Uint8Array(centerCount * n))
  return {
    changed,
    note: ({kinks}, centers) => {
      kinks.forEach((kink, layer) => {
        const pieces = kink.pieces(onlySure)
        const n = units[layer]!
        const [known, moved] = [first[layer]!, changed[layer]!]
        for (let row = 0; row < centers.length; row++) {
          const [from, to] = [row * n, centers[row]! * n]
          for (let unit = 0; unit < n; unit++) {
            const piece = pieces[from + unit]!
            if (piece < 0) continue
            if (known[to + unit]! < 0) known[to + unit] = piece
            else if (known[to + unit] !== piece) moved[to + unit] = 1
          }
        }
      })
    },
    counts: () =>
      changed.map((moved, layer) => {
        const n = units[layer]!
        return Int32Array.from({length: centerCount}, (_, center) =>
          moved.subarray(center * n, (center + 1) * n).reduce((sum, seen) => sum + seen, 0),
        )
      }),
  }
}

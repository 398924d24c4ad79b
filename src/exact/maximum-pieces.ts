import type {AffineValues} from './affine-values.js'
import type {KinkPieces, Side} from './kink-pieces.js'

/**
 * Piece p of a maximum is where candidate p wins. Of candidates that are equal throughout, the first wins: a
 * tie that holds on a whole region is no boundary, and neither is one between two losers.
 *
 * @param there `[candidates x units]`: whether unit and candidate exist
 */
export function maximumPieces(
  units: number,
  candidates: number,
  there: readonly boolean[],
): KinkPieces {
  const rivals = Array.from({length: units}, (_, unit) =>
    Array.from({length: candidates}, (_, c) => c).filter((c) => there[c * units + unit]),
  )
  const side = ({columns, noise}: AffineValues, unit: number, winner: number, rival: number) => {
    const [own, other] = [winner * units + unit, rival * units + unit]
    return {
      row: columns.map((column) => column[own]! - column[other]!),
      noise: noise[own]! + noise[other]!,
      strict: rival < winner,
      beyond: rival,
    }
  }
  return {
    units,
    count: candidates,
    first: (unit) => rivals[unit]![0]!,
    sides: (values, unit, piece) => {
      const sides: Side[] = []
      for (const rival of rivals[unit]!) {
        if (rival !== piece) sides.push(side(values, unit, piece, rival))
      }
      return sides
    },
    image: ({columns, noise}, pieces) => {
      const pick = (values: Float64Array) =>
        Float64Array.from(pieces, (piece, unit) => values[piece * units + unit]!)
      return {columns: columns.map(pick), noise: pick(noise)}
    },
  }
}

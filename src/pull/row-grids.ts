import type {KinkAtPoints} from '../kinks/kink.js'
import type {RowGrid} from './pull-back.js'

/** A row to pull back: which form of which point, and which side of it. */
export interface WantedRow {
  readonly point: number
  /** Counted over all points: point * forms + form. */
  readonly at: number
  readonly sign: 1 | -1
}

/** A grid of fewer rows costs more to start than to work through. */
const worthACall = 512

/** Wanted rows of a point, as a share of a grid's rows a point, below which padding costs too much. */
const leastFilled = 0.7

/**
 * Packs wanted rows into grids of at most `limit` rows. Points that want about as many rows share a
 * grid, so that little is padded; padding repeats a point's last row.
 *
 * @param mixed whether any rows may share a grid, each with its point: nothing is padded
 * @returns each grid with the wanted rows it answers: `places[k]` is the index of `rows[k]` in the grid
 */
export function packRows(
  layer: number,
  kinks: KinkAtPoints,
  wanted: readonly WantedRow[],
  limit: number,
  mixed = false,
): {grid: RowGrid; rows: WantedRow[]; places: number[]}[] {
  if (mixed) {
    return split(wanted, limit).map((rows) =>
      fillGrid(
        layer,
        kinks,
        rows.map((row) => [row]),
        1,
      ),
    )
  }
  const byPoint = new Map<number, WantedRow[]>()
  for (const row of wanted) {
    const rows = byPoint.get(row.point)
    if (rows) rows.push(row)
    else byPoint.set(row.point, [row])
  }
  const pieces = [...byPoint.values()].flatMap((rows) => split(rows, limit))
  pieces.sort((a, b) => b.length - a.length)

  const packed = []
  for (let start = 0; start < pieces.length; ) {
    const rowsPerPoint = pieces[start]!.length
    let end = start + 1
    while (end < pieces.length && (end + 1 - start) * rowsPerPoint <= limit) {
      // A grid that is worth a call ends where much more would be padded than wanted.
      const enough = (end - start) * rowsPerPoint >= worthACall
      if (enough && pieces[end]!.length < leastFilled * rowsPerPoint) break
      end++
    }
    packed.push(fillGrid(layer, kinks, pieces.slice(start, end), rowsPerPoint))
    start = end
  }
  return packed
}

function split(rows: readonly WantedRow[], limit: number): WantedRow[][] {
  const pieces = []
  for (let at = 0; at < rows.length; at += limit) pieces.push(rows.slice(at, at + limit))
  return pieces
}

function fillGrid(layer: number, kinks: KinkAtPoints, pieces: WantedRow[][], rowsPerPoint: number) {
  const points = new Int32Array(pieces.length)
  const first = new Int32Array(pieces.length * rowsPerPoint)
  const second = new Int32Array(pieces.length * rowsPerPoint)
  const signs = new Float32Array(pieces.length * rowsPerPoint)
  const rows: WantedRow[] = []
  const places: number[] = []
  pieces.forEach((piece, p) => {
    points[p] = piece[0]!.point
    for (let r = 0; r < rowsPerPoint; r++) {
      const at = p * rowsPerPoint + r
      const row = piece[r] ?? piece.at(-1)!
      first[at] = kinks.first(row.at)
      second[at] = kinks.second(row.at)
      signs[at] = row.sign
      if (r < piece.length) {
        rows.push(row)
        places.push(at)
      }
    }
  })
  const subtracts = second.some((number) => number >= 0)
  const grid: RowGrid = {
    layer,
    points,
    first,
    second: subtracts ? second : undefined,
    signs,
    rowsPerPoint,
  }
  return {grid, rows, places}
}

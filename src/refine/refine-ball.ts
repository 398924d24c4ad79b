import {countFeasibleSets} from '../bounds/flats/feasible-sets.js'
import {type LayerCount, log2Regions} from '../bounds/log2-regions.js'
import {ragged} from '../common/ragged.js'
import type {AffineValues} from '../exact/affine-values.js'
import type {HostProgram} from '../exact/host-program.js'
import {steepness} from '../exact/row.js'
import {type Cell, type OpenUnit, splitCell, wholeBall} from './cell.js'
import {CellTree} from './cell-tree.js'

/** When to stop: at so many cells, or after so many milliseconds, whichever comes first. */
export interface RefineBudget {
  readonly cells: number
  readonly ms: number
}

/** Sets of units that are looked at for the bound of one cell. */
const setsOfACell = 1024

/**
 * log2 of an upper bound on the regions in the open unit ball of the input's coordinates: the ball is split, by one
 * unit after the other, into cells on which the first layers are decided and the next is affine; each cell is bounded on
 * its own, and the bounds are added up. Always the cell with the largest bound is split next, and no cell's parts count
 * for more than it did whole. So the bound never rises with the budget, and it ends at the number of regions.
 *
 * @param layers what is known of each layer on the whole ball, which holds on each cell too
 * @param whole log2 of the bound that is known of the ball
 */
export function refineBall(
  program: HostProgram,
  input: AffineValues,
  layers: readonly LayerCount[],
  whole: number,
  budget: RefineBudget,
): number {
  const end = performance.now() + budget.ms
  const dimension = input.columns.length - 1
  const bound = (cell: Cell) => boundOf(cell, layers, dimension)
  const ball = wholeBall(program, input)
  const tree = new CellTree({cell: ball, log2: Math.min(whole, bound(ball))})
  for (let node = tree.take(); node; node = tree.take()) {
    const unit = middlemost(node.cell)
    if (!unit || tree.cells - 1 + unit.pieces.length > budget.cells) break
    if (performance.now() >= end) break
    const cells = splitCell(program, node.cell, unit)
    tree.split(
      node,
      cells.map((cell) => ({cell, log2: bound(cell)})),
    )
  }
  return tree.log2
}

/** The open unit whose hyperplane runs nearest to the middle of what is known of the cell. */
function middlemost({kink, values, witnesses, open}: Cell): OpenUnit | undefined {
  if (!kink) return undefined
  const middle = new Float64Array(witnesses[0]!.length)
  for (const point of witnesses) {
    for (let i = 0; i < middle.length; i++) middle[i]! += point[i]! / witnesses.length
  }
  let best: OpenUnit | undefined
  let nearest = Number.POSITIVE_INFINITY
  for (const candidate of open) {
    for (const {row} of kink.pieces.sides(
      values[kink.input]!,
      candidate.unit,
      candidate.pieces[0]!,
    )) {
      let [height, squares] = [row[0]!, 0]
      for (let i = 0; i < middle.length; i++) {
        height += row[i + 1]! * middle[i]!
        squares += row[i + 1]! ** 2
      }
      const distance = Math.abs(height) / Math.sqrt(squares)
      if (distance < nearest) [best, nearest] = [candidate, distance]
    }
  }
  return best ?? open[0]
}

/** The recursion of `log2Regions` from the cell's first open layer on. */
function boundOf(cell: Cell, layers: readonly LayerCount[], dimension: number): number {
  const {kink, open, values, pieces} = cell
  if (!kink) return 0
  const known = layers[kink.layer]!
  const read = values[kink.input]!
  const candidates = read.noise.length / kink.pieces.units
  const isOpen = new Set(open.map(({unit}) => unit))
  const {columns} = kink.pieces.image(read, pieces)
  let active = 0
  for (let unit = 0; unit < kink.pieces.units; unit++) {
    if (isOpen.has(unit)) continue
    if (columns.some((column, k) => k > 0 && column[unit] !== 0)) active++
  }
  const doubles = candidates === 1 ? open.filter((unit) => unit.pieces.length > 2).length : 0
  const kinks =
    candidates === 1
      ? open.length - doubles
      : open.reduce((sum, unit) => sum + (unit.pieces.length * (unit.pieces.length - 1)) / 2, 0)
  const sets = candidates === 1 ? piecesOf(cell) : undefined
  const own: LayerCount = {
    unstable: open.length,
    active,
    kinks,
    doubles,
    moving: open.length + active,
    silent: known.silent,
    bottleneck: known.bottleneck,
    pieces: sets,
  }
  return log2Regions([own, ...layers.slice(kink.layer + 1)], dimension)
}

/** log2 of the sets of open units whose hyperplanes meet in the ball. */
function piecesOf({kink, open, values}: Cell): ((dimension: number) => number) | undefined {
  const rows = open.map(({unit, pieces}) =>
    kink!.pieces
      .sides(values[kink!.input]!, unit, pieces[0]!)
      .concat(kink!.pieces.sides(values[kink!.input]!, unit, pieces.at(-1)!)),
  )
  // Where rounding leaves no piece of a constant unit, it is open all the same.
  if (rows.some(([side]) => steepness(side!.row) === 0)) return undefined
  const n = open.length
  const gram = new Float64Array(n * n)
  const errors = new Float64Array(n)
  const changes = rows.map((sides, i) => {
    const [{row, noise}] = sides as [(typeof sides)[0]]
    const length = steepness(row)
    errors[i] = noise / length + 1e-9
    const heights = new Set(
      sides.map((side) => {
        // Both sides of a kink are the same row, up to its sign.
        const sign = side.row.some((v, k) => k > 0 && v * row[k]! < 0) ? -1 : 1
        return (-sign * side.row[0]!) / length
      }),
    )
    return [...heights]
  })
  const reaches = {changes: ragged(changes), errors}
  const normals = rows.map(([side]) => {
    const length = steepness(side!.row)
    return side!.row.slice(1).map((v) => v / length)
  })
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      for (let k = 0; k < normals[i]!.length; k++)
        gram[i * n + j]! += normals[i]![k]! * normals[j]![k]!
    }
    gram[i * n + i]! += 1e-9
  }
  const known = new Map<number, number | undefined>()
  return (dimension) => {
    const most = Math.min(dimension, n)
    if (!known.has(most)) known.set(most, countFeasibleSets(gram, reaches, most, setsOfACell))
    const sets = known.get(most)
    return sets === undefined ? Number.POSITIVE_INFINITY : Math.log2(sets)
  }
}

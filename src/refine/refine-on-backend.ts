import {cutCell, wholeBallCell} from './ball-cells.js'
import type {BoundCells, SplittableCell} from './bound-cells.js'
import {CellTree, type Node} from './cell-tree.js'
import type {RefineBudget} from './refine-ball.js'

/** Cells whose bounds are so much smaller than the largest, log2, wait for another round. */
const oneRound = 1

/** The cells of one ball. */
interface Ball {
  readonly point: number
  readonly tree: CellTree<SplittableCell>
  /** Cells to split in this round. */
  readonly round: Node<SplittableCell>[]
}

/**
 * Refines the bounds of the balls around some points together. In each round every ball's cells of about the largest bound
 * are split, and all parts are bounded at once. What is split next depends on no budget, so that a larger one goes on
 * where a smaller one ends.
 *
 * @param points that are to be refined
 * @param log2 the bounds of all points, log2; those of the points are made smaller
 * @returns the points of which no cell is left that can be split, though there may be more than one region in it, and the
 *   milliseconds that are left
 */
export async function refineOnBackend(
  bound: BoundCells,
  points: readonly number[],
  log2: Float64Array,
  {cells: most, ms}: RefineBudget,
): Promise<{readonly done: number[]; readonly ms: number}> {
  const begin = performance.now()
  const end = begin + ms * points.length
  const roots = await bound(points.map(wholeBallCell))
  let msPerCell = (performance.now() - begin) / roots.length
  const balls = roots.map((root, k): Ball => {
    const point = points[k]!
    const whole = Math.min(log2[point]!, root.log2)
    return {point, tree: new CellTree({cell: root.cell, log2: whole}), round: []}
  })
  for (;;) {
    for (const ball of balls) fillRound(ball)
    const waiting = balls.filter(({round}) => round.length > 0)
    // As many as there is time for, by what a cell took last.
    const each = Math.floor((end - performance.now()) / (2 * msPerCell * waiting.length))
    const jobs = waiting.flatMap(({tree, round}) => {
      const nodes = round.splice(0, Math.max(0, Math.min(most - tree.cells, each)))
      return nodes.map((node) => ({tree, node, parts: cutCell(node.cell.cell, node.cell.cut!)}))
    })
    if (jobs.length === 0) break
    const start = performance.now()
    const cells = jobs.flatMap(({parts}) => parts)
    const bounded = await bound(cells)
    for (const {tree, node, parts} of jobs) tree.split(node, bounded.splice(0, parts.length))
    if (cells.length > 0) msPerCell = (performance.now() - start) / cells.length
  }
  for (const {point, tree} of balls) log2[point] = tree.log2
  const done = balls.filter(({tree, round}) => round.length === 0 && tree.log2 > 0)
  return {done: done.map(({point}) => point), ms: end - performance.now()}
}

/** Takes the cells of about the largest bound that can be split, once those of the round before are done. */
function fillRound({tree, round}: Ball): void {
  if (round.length > 0) return
  let least = Number.NEGATIVE_INFINITY
  while (tree.next !== undefined && tree.next >= least) {
    const node = tree.take()!
    if (!node.cell.cut) continue
    if (round.length === 0) least = node.log2 - oneRound
    round.push(node)
  }
}

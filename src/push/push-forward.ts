import {
  concat,
  dispose,
  eye,
  matMul,
  mul,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor3d,
  tidy,
} from '@tensorflow/tfjs'
import type {Lines} from '../kinks/kink.js'
import type {AffineInstruction} from '../program.js'
import {innerProducts, type Passed} from './inner-products.js'
import {openUnits} from './open-units.js'

/** What an earlier layer's open units add to the rows of later ones. */
export type OpenBlock = {
  /** How many units, with what is padded. */
  readonly own: number
  /** Gaps of the lower lines, and then of the upper ones, `[points, 1, 2 x own]`. */
  readonly gaps: Tensor3D
  /** Lower less upper slope, `[points, own, 1]`. */
  readonly slopeDrop: Tensor3D
  /** What its numbers say of the blocks before, rows as in `Pushed.open`: `[points, rows before, own]`. */
  readonly moves: Tensor3D | undefined
  /** Inner products of its numbers' rows at the input, `[points, own, own]`. */
  readonly gram: Tensor3D
  /** Squared lengths of its numbers' rows at the input, `[points, 1, own]`. */
  readonly squares: Tensor3D
}

/**
 * A chain of maps and kinks with one slope a unit, the upper line's, pushed forward at some points as far as the numbers that
 * layer `layer` reads: how these move with the input, and with the outputs of the open units of every layer before.
 */
export interface Pushed {
  readonly layer: number
  /** Of `points` or, in the first layer, of any: `[points or 1, directions, numbers]`. */
  readonly directions: Tensor3D
  /**
   * What each number says of the open units of all blocks, `[points, 2 x open units, numbers]`: of each block in turn the
   * inner products of the number's row at the input with those of the block's units, and then how the number moves with their
   * outputs. Undefined where there are none.
   */
  readonly open: Tensor3D | undefined
  readonly blocks: readonly OpenBlock[]
  /** The kinks that were passed on the way, each with the map before it. */
  readonly passed: readonly Passed[]
  /** Inner products of the first layer's rows, `[numbers, numbers]`, where these are factored. */
  readonly gram: Tensor2D | undefined
}

/**
 * The first layer's numbers: directions of the input that no row is longer or shorter for. Where the first map is wide,
 * those of its factor.
 */
export function pushStart({map}: AffineInstruction): Pushed {
  const {directions, gram} = tidy(() => {
    const factor = map.lengthFactor?.(Number.POSITIVE_INFINITY)
    const rows = factor ? factor.transpose() : map.linear([eye(map.inputSizes[0]!)])
    return {
      directions: rows.reshape([1, -1, map.outputSize]) as Tensor3D,
      gram: factor && (matMul(factor, rows) as Tensor2D),
    }
  })
  return {layer: 0, directions, open: undefined, blocks: [], passed: [], gram}
}

type Next = {
  directions: Tensor3D
  open: Tensor3D | undefined
  block: OpenBlock | undefined
  slopes: Tensor3D
}

/**
 * One layer further, from map `from` through the lines of the layer that has been reached and `map`, at points `start` to
 * `end`. It takes over what `before` owns and disposes of what is not needed any more.
 */
export function pushOn(
  before: Pushed,
  {map: from}: AffineInstruction,
  {map}: AffineInstruction,
  lines: Lines,
  units: number,
  start: number,
  end: number,
): Pushed {
  const count = end - start
  const own = openUnits(lines, units, start, end)
  const next = tidy((): Next => {
    const slopes = tensor3d(lines.upperSlope.slice(start * units, end * units), [count, 1, units])
    const through = (rows: Tensor3D): Tensor3D => {
      const flat = rows.reshape([-1, units]) as Tensor2D
      return map.linear([flat]).reshape([count, -1, map.outputSize]) as Tensor3D
    }
    const directions = through(mul(before.directions, slopes))
    if (own.most === 0) {
      const open = before.open && through(mul(before.open, slopes))
      return {directions, open, block: undefined, slopes}
    }
    const picks = own.picks()
    const inner = innerProducts(picks, from, before.passed, before.gram)
    const rows = before.open ? (concat([before.open, inner], 1) as Tensor3D) : inner
    const columns = own.pickColumns()
    const gram = matMul(inner, columns) as Tensor3D
    const block: OpenBlock = {
      own: own.most,
      gaps: own.gaps(),
      slopeDrop: own.slopeDrop(),
      moves: before.open && matMul(before.open, columns),
      gram,
      squares: sum(mul(gram, eye(own.most)), 1, true),
    }
    const open = through(concat([mul(rows, slopes), picks], 1) as Tensor3D)
    return {directions, open, block, slopes}
  })
  dispose([before.directions, ...(before.open ? [before.open] : [])])
  const {directions, open, block, slopes} = next
  return {
    layer: before.layer + 1,
    directions,
    open,
    blocks: block ? [...before.blocks, block] : before.blocks,
    passed: [...before.passed, {map: from, slopes}],
    gram: before.gram,
  }
}

/** Gives back everything that was pushed. */
export function disposePushed({directions, open, blocks, passed, gram}: Pushed): void {
  const tensors: (Tensor | undefined)[] = [directions, open, gram]
  for (const {gaps, slopeDrop, moves, gram, squares} of blocks) {
    tensors.push(gaps, slopeDrop, moves, gram, squares)
  }
  for (const {slopes} of passed) tensors.push(slopes)
  dispose(tensors.filter((tensor) => tensor !== undefined))
}

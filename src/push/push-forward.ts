import {
  concat,
  dispose,
  eye,
  getBackend,
  matMul,
  mul,
  slice,
  type Tensor2D,
  type Tensor3D,
  tensor3d,
  tidy,
  transpose,
} from '@tensorflow/tfjs'
import type {Lines} from '../kinks/kink.js'
import type {AffineInstruction} from '../program/program.js'
import {innerProducts} from './inner-products.js'
import {OpenUnits} from './open-units.js'
import {type Open, type OpenBlock, type Pushed, tensorsOf} from './pushed.js'

/**
 * Whether inner products are followed from layer to layer, by flat products, and not worked out of directions, by one product
 * a point: WASM has nothing faster than plain loops for those.
 */
export const followsInner = (): boolean => getBackend() === 'wasm'

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
      gram: factor && followsInner() ? (matMul(factor, rows) as Tensor2D) : undefined,
    }
  })
  return {layer: 0, directions, open: undefined, blocks: [], passed: [], gram}
}

type Next = {
  directions: Tensor3D
  open: Open | undefined
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
  const own = new OpenUnits(lines, units, start, end)
  const next = tidy((): Next => {
    const slopes = tensor3d(lines.upperSlope.slice(start * units, end * units), [count, 1, units])
    const through = (rows: Tensor3D): Tensor3D => {
      const flat = rows.reshape([-1, units]) as Tensor2D
      return map.linear([flat]).reshape([count, -1, map.outputSize]) as Tensor3D
    }
    const directions = through(mul(before.directions, slopes))
    const passed = (rows: Tensor3D | undefined) => rows && (mul(rows, slopes) as Tensor3D)
    const {open} = before
    if (own.most === 0) {
      const inner = passed(open?.inner)
      return {
        directions,
        open: open && {
          ...open,
          entries: through(passed(open.entries)!),
          inner: inner && through(inner),
          gram: open.gram.clone(),
          rows: open.rows?.clone(),
        },
        block: undefined,
        slopes,
      }
    }
    const picks = own.picks()
    const columns = own.pickColumns()
    const block: OpenBlock = {
      own: own.most,
      gaps: own.gaps(),
      slopeDrop: own.slopeDrop(),
      moves: open && matMul(open.entries, columns),
    }
    const entries = through(joined([passed(open?.entries), picks], 1))
    if (followsInner()) {
      const inner = joined([open?.inner, innerProducts(picks, from, before.passed, before.gram)], 1)
      const gram = grown(open?.gram, matMul(inner, columns))
      const kept = {entries, gram, rows: undefined, inner: through(passed(inner)!)}
      return {directions, open: kept, block, slopes}
    }
    const ownRows = matMul(picks, before.directions, false, true) as Tensor3D
    const rows = joined([open?.rows, ownRows], 1)
    const gram = grown(open?.gram, matMul(rows, ownRows, false, true))
    return {directions, open: {entries, gram, rows, inner: undefined}, block, slopes}
  })
  dispose(tensorsOf(before.directions, before.open))
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

/** A Gram matrix with the last columns of a larger one, which are what `columns` holds. */
function grown(gram: Tensor3D | undefined, columns: Tensor3D): Tensor3D {
  if (!gram) return columns
  const cross = slice(columns, [0, 0, 0], [-1, gram.shape[1], -1]) as Tensor3D
  const wide = concat([gram, transpose(cross, [0, 2, 1])], 1) as Tensor3D
  return joined([wide, columns], 2)
}

/** Rows or columns one after the other; of those that there are. */
function joined(parts: readonly (Tensor3D | undefined)[], axis: number): Tensor3D {
  const all = parts.filter((part) => part !== undefined)
  return all.length === 1 ? all[0]! : (concat(all, axis) as Tensor3D)
}

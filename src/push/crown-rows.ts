import {
  add,
  concat,
  matMul,
  mul,
  relu,
  slice,
  sub,
  type Tensor,
  type Tensor3D,
  tensor3d,
  tidy,
} from '@tensorflow/tfjs'
import {lengthsOf, scaledLengths, squaredLengths} from '../row-lengths.js'
import type {Pushed} from './push-forward.js'

/** What rows pulled back would say of one side of every number of a layer, `[points x numbers]`. */
export interface SideRows {
  readonly slack: Float32Array
  readonly length: Float32Array
}

/**
 * CROWN's row of one side of every number of a layer, from what has been pushed forward.
 *
 * Pulled back, a row of the layer meets in each earlier layer the upper slope, but where an open unit's entry is positive
 * the lower one: what is more is delta_u = relu(b_u) (lower_u - upper_u), b_u its entry there. All else is linear and the same
 * for both sides, so that at the input
 *
 *     row = sign J + sum over open units u of delta_u J_u,
 *
 * J the row with upper slopes throughout, J_u that of the open unit. Entries of earlier layers get delta_u times what the
 * number of u moves with them. These sums round other than products do one after the other; a test holds them within a
 * part of the room that bounds have for rounding, with all units open too.
 *
 * @param signs `[points x numbers]`: 1 for a bound from below, -1 for one from above
 */
export async function crownRows(pushed: Pushed, signs: Float32Array): Promise<SideRows> {
  const {slack, length: squares} = await readRows(pushed, signs, squaredLengths)
  const length = lengthsOf(squares)
  return length ? {slack, length} : readRows(pushed, signs, scaledLengths)
}

async function readRows(
  {directions, open, openDirections, blocks}: Pushed,
  signs: Float32Array,
  lengths: (rows: Tensor, axis: number) => Tensor,
): Promise<SideRows> {
  const numbers = directions.shape[2]
  const found = tidy(() => {
    if (!open || !openDirections) return {length: lengths(directions, 1), slack: undefined}
    const sided = tensor3d(signs, [signs.length / numbers, 1, numbers])
    const {deltas, slack} = passBlocks(mul(open, sided) as Tensor3D, blocks)
    // A row is as long with the other sign.
    const added = matMul(openDirections, mul(deltas, sided))
    return {length: lengths(add(directions, added), 1), slack}
  })
  const [length, slack] = await Promise.all([found.length.data(), found.slack?.data()])
  found.length.dispose()
  found.slack?.dispose()
  return {
    length: ofAll(length as Float32Array, signs.length),
    slack: (slack as Float32Array | undefined) ?? new Float32Array(signs.length),
  }
}

/** In the first layer all points have the same rows. */
function ofAll(values: Float32Array, size: number): Float32Array {
  if (values.length === size) return values
  const all = new Float32Array(size)
  for (let at = 0; at < size; at += values.length) all.set(values, at)
  return all
}

/**
 * Goes back through the open units, the last layer's first.
 *
 * @param entries of the rows at each open unit, with upper slopes throughout: `[points, open units, numbers]`
 */
function passBlocks(entries: Tensor3D, blocks: Pushed['blocks']) {
  const columns = entries.shape[2]
  const deltas: Tensor3D[] = []
  let rest = entries
  let slack: Tensor3D | undefined
  for (const block of [...blocks].reverse()) {
    const before = rest.shape[1] - block.slopeDrop.shape[1]
    const last = slice(rest, [0, before, 0], [-1, -1, columns])
    const positive = relu(last)
    const negative = sub(positive, last)
    const delta = mul(positive, block.slopeDrop) as Tensor3D
    const gaps = add(matMul(block.lowerGap, positive), matMul(block.upperGap, negative)) as Tensor3D
    slack = slack ? add(slack, gaps) : gaps
    deltas.unshift(delta)
    if (before === 0) break
    rest = slice(rest, [0, 0, 0], [-1, before, columns])
    if (block.moves) rest = add(rest, matMul(block.moves, delta))
  }
  return {deltas: concat(deltas, 1) as Tensor3D, slack: slack!}
}

import {
  add,
  concat,
  matMul,
  mul,
  neg,
  relu,
  slice,
  square,
  sub,
  sum,
  type Tensor3D,
  tidy,
} from '@tensorflow/tfjs'
import {squaredLengths, squaresKept} from '../row-lengths.js'
import type {OpenBlock, Pushed} from './push-forward.js'

/** What rows pulled back would say of one side of every number of a layer, `[points x numbers]`. */
export interface SideRows {
  readonly slack: Float32Array
  /** NaN where too much would be lost: see `crownRows`. */
  readonly length: Float32Array
}

/** The sides of every number of a layer: a bound from below, and one from above. */
export interface BothSides {
  readonly below: SideRows
  readonly above: SideRows
}

/**
 * A square that is a smaller part of what it was added up from has lost digits. Products of n terms round by sqrt(n) u of what
 * they add up; with this share at most 4 sqrt(n) u of the length, half the room that bounds have for rounding.
 */
const leastShare = 1 / 8

/**
 * CROWN's rows of both sides of every number of a layer, from what has been pushed forward.
 *
 * Pulled back, a row of the layer meets in each earlier layer the upper slope, but where an open unit's entry is positive
 * the lower one: what is more is delta_u = relu(b_u) (lower_u - upper_u), b_u its entry there. All else is linear and the same
 * for both sides, so that at the input
 *
 *     row = sign J + sum over open units u of delta_u J_u,
 *
 * J the row with upper slopes throughout, J_u that of the open unit. Entries of earlier layers get delta_u times what the
 * number of u moves with them. The rows themselves are not formed: only inner products are followed. Where q_u is what J_u
 * makes with the row that is there before a block of open units, and q'_u what it makes with the one after,
 *
 *     ||row'||^2 = ||row||^2 + sum over the block's units of delta_u (q_u + q'_u),
 *
 * which is a small product a point, where the sum of rows is one of all directions. Where it leaves less than an eighth of
 * ||J||^2 + sum of delta_u^2 ||J_u||^2, or where squares leave float32, the length is NaN.
 */
export async function crownRows(pushed: Pushed): Promise<BothSides> {
  const {directions, open} = pushed
  const [points, , numbers] = directions.shape
  const found = tidy(() => {
    const alone = squaredLengths(directions, 1)
    return {alone, ...(open && passBlocks(open, pushed.blocks))}
  })
  const tensors = [found.alone, found.slack, found.change, found.size]
  const [alone, ...others] = (await Promise.all(tensors.map((tensor) => tensor?.data()))) as [
    Float32Array,
    ...(Float32Array | undefined)[],
  ]
  for (const tensor of tensors) tensor?.dispose()
  const nothing = new Float32Array(others[0] ? 0 : 2 * alone.length)
  const [slack, change, size] = others.map((values) => values ?? nothing) as Three
  const all = {points, numbers, alone, slack, change, size}
  return {below: sideOf(all, 0), above: sideOf(all, 1)}
}

type Three = [Float32Array, Float32Array, Float32Array]

interface Found {
  readonly points: number
  readonly numbers: number
  /** Of the rows with upper slopes, `[points x numbers]`. */
  readonly alone: Float32Array
  /** What `passBlocks` tells: of both sides of each point in turn. */
  readonly slack: Float32Array
  readonly change: Float32Array
  readonly size: Float32Array
}

function sideOf({points, numbers, alone, slack, change, size}: Found, side: 0 | 1): SideRows {
  const length = new Float32Array(alone.length)
  const own = new Float32Array(alone.length)
  for (let p = 0; p < points; p++) {
    const from = (2 * p + side) * numbers
    own.set(slack.subarray(from, from + numbers), p * numbers)
    for (let at = p * numbers, k = from; k < from + numbers; at++, k++) {
      const square = alone[at]! + change[k]!
      const kept = square >= leastShare * (alone[at]! + size[k]!) && squaresKept(square)
      length[at] = kept ? Math.sqrt(square) : Number.NaN
    }
  }
  return {slack: own, length}
}

/**
 * Goes back through the open units, the last layer's first.
 *
 * @param open rows of `Pushed.open`
 * @returns of both sides of a point one after the other, `[points, 1, 2 x numbers]`: the slack, what is added to the square,
 *   and the squares of what was added to the row, one unit at a time
 */
function passBlocks(open: Tensor3D, blocks: Pushed['blocks']) {
  const columns = 2 * open.shape[2]
  const part = (rows: Tensor3D, from: number, size: number) =>
    slice(rows, [0, from, 0], [-1, size, columns])
  const reversed = [...blocks].reverse()
  const [entries, deltas, inner]: [Tensor3D[], Tensor3D[], Tensor3D[]] = [[], [], []]
  let rest = concat([open, neg(open)], 2) as Tensor3D
  for (const {own, slopeDrop, moves, gram} of reversed) {
    const before = rest.shape[1] - 2 * own
    const product = part(rest, before, own)
    const last = part(rest, before + own, own)
    const positive = relu(last)
    const delta = mul(positive, slopeDrop) as Tensor3D
    entries.push(positive, sub(positive, last))
    deltas.push(delta)
    // q + q' = 2 q + G delta
    inner.push(add(add(product, product), matMul(gram, delta)))
    if (moves) rest = add(part(rest, 0, before), matMul(moves, delta))
  }
  const delta = concat(deltas, 1)
  const of = (pick: (block: OpenBlock) => Tensor3D) => concat(reversed.map(pick), 2)
  return {
    slack: matMul(
      of(({gaps}) => gaps),
      concat(entries, 1),
    ),
    change: sum(mul(delta, concat(inner, 1)), 1),
    size: matMul(
      of(({squares}) => squares),
      square(delta),
    ),
  }
}

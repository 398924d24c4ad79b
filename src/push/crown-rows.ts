import {
  add,
  concat,
  dispose,
  expandDims,
  eye,
  matMul,
  mul,
  relu,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor3D,
  tensor3d,
  tidy,
} from '@tensorflow/tfjs'
import {once} from '../common/once.js'
import {readOne} from '../common/read-out.js'
import {squaredLengths, squaresKept} from '../pull/row-lengths.js'
import type {OpenBlock, Pushed} from './pushed.js'

/** What rows pulled back would say of one side of every number of a layer, `[points x numbers]`. */
export interface SideRows {
  readonly slack: Float32Array
  /** NaN where too much would be lost: see `crownRows`. */
  readonly length: Float32Array
}

/**
 * A square that is a smaller part of what it was added up from has lost digits. Products of n terms round by sqrt(n) u of what
 * they add up; with this share at most 4 sqrt(n) u of the length, half the room that bounds have for rounding.
 */
const leastShare = 1 / 8

/** From so many open units a direction on, rows are less work to form than their inner products. */
const manyUnits = 1 / 2

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
 * number of u moves with them. Where open units are few beside the directions of the input, the rows are not formed: with
 * q_u the inner product of J and J_u, and G the Gram matrix of all J_u,
 *
 *     ||row||^2 = ||J||^2 + sum over u of delta_u (2 sign q_u + (G delta)_u).
 *
 * Where that leaves less than an eighth of ||J||^2 + sum of delta_u^2 ||J_u||^2, or where squares leave float32, the length is
 * NaN.
 *
 * @param signs of one side or several, `[points x numbers]`: 1 for a bound from below, -1 for one from above
 */
export async function crownRows(
  pushed: Pushed,
  signs: readonly Float32Array[],
): Promise<SideRows[]> {
  const sides = tidy(() => readSides(pushed, signs))
  return Promise.all(
    sides.map(async (side, k) => {
      const [squares, least, slack] = await Promise.all(
        [side.squares, side.least, side.slack].map(read),
      )
      return sideRows(squares!, least, slack, signs[k]!.length)
    }),
  )
}

async function read(tensor: Tensor | undefined): Promise<Float32Array | undefined> {
  return tensor && readOne(tensor)
}

function sideRows(
  squares: Float32Array,
  least: Float32Array | undefined,
  slack: Float32Array | undefined,
  size: number,
): SideRows {
  const length = new Float32Array(size)
  for (let at = 0; at < size; at++) {
    // In the first layer all points have the same rows.
    const square = squares[at % squares.length]!
    const kept = squaresKept(square) && !(least && square < least[at]!)
    length[at] = kept ? Math.sqrt(square) : Number.NaN
  }
  return {slack: slack ?? new Float32Array(size), length}
}

/** Of each number, `[points, 1, numbers]`. */
type Side = {
  /** The squares of lengths. */
  readonly squares: Tensor
  /** Below this they have lost too much. */
  readonly least?: Tensor
  /** 0 where there is none. */
  readonly slack?: Tensor
}

function readSides({directions, open, blocks}: Pushed, signs: readonly Float32Array[]): Side[] {
  const alone = once(() => expandDims(squaredLengths(directions, 1), 1))
  if (!open) return signs.map(() => ({squares: alone().clone()}))
  const {rows, gram} = open
  const numbers = directions.shape[2]
  const formed = rows && rows.shape[1] > manyUnits * directions.shape[1]
  const inner = once(() => open.inner ?? matMul(rows!, directions))
  const unitSquares = once(() => sum(mul(gram, eye(gram.shape[1])), 1, true))
  // What the sides share is made before any of them, each of which gives back what it works with.
  const shared = formed ? [] : [alone(), inner(), unitSquares()]
  const found = signs.map((values) =>
    tidy((): Side => {
      const sided = tensor3d(values, [values.length / numbers, 1, numbers])
      const {delta, slack} = tidy(() => passBlocks(mul(open.entries, sided), blocks))
      if (formed) {
        // A row is as long with the other sign.
        const added = matMul(rows, mul(delta, sided), true)
        return {squares: squaredLengths(add(directions, added), 1), slack}
      }
      const across = add(mul(inner(), mul(sided, 2)), matMul(gram, delta))
      return {
        squares: add(alone(), sum(mul(delta, across), 1, true)),
        least: mul(add(alone(), matMul(unitSquares(), square(delta))), leastShare),
        slack,
      }
    }),
  )
  dispose(shared.filter((tensor) => tensor !== open.inner))
  return found
}

/**
 * Goes back through the open units, the last layer's first.
 *
 * @param entries of the rows at each open unit, with upper slopes throughout: `[points, open units, numbers]`
 */
function passBlocks(entries: Tensor3D, blocks: readonly OpenBlock[]) {
  const columns = entries.shape[2]
  const part = (rows: Tensor3D, from: number, size: number) =>
    slice(rows, [0, from, 0], [-1, size, columns]) as Tensor3D
  const [gaps, sides, deltas]: [Tensor3D[], Tensor3D[], Tensor3D[]] = [[], [], []]
  let rest = entries
  for (const block of [...blocks].reverse()) {
    const before = rest.shape[1] - block.own
    const last = part(rest, before, block.own)
    const positive = relu(last)
    const delta = mul(positive, block.slopeDrop) as Tensor3D
    gaps.push(block.gaps)
    sides.push(positive, sub(positive, last))
    deltas.unshift(delta)
    if (block.moves) rest = add(part(rest, 0, before), matMul(block.moves, delta))
  }
  return {
    delta: concat(deltas, 1) as Tensor3D,
    slack: matMul(concat(gaps, 2), concat(sides, 1)) as Tensor3D,
  }
}

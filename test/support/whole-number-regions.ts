import type {Mlp} from './mlp.js'

/** A line X x + Y y + W = 0, or the point (X/W, Y/W) with W > 0, in whole numbers. */
type Homogeneous = readonly [X: bigint, Y: bigint, W: bigint]

interface Cell {
  readonly corners: readonly Homogeneous[]
  /** The values so far as functions of the point, all times the same power of two. */
  readonly rows: readonly Homogeneous[]
}

/** Numbers are counted in units of 2^-bits: enough for products of float32 and small powers of two. */
const bits = 70

/**
 * How many activation regions of a network of two inputs meet the open disc, without any rounding: float32
 * weights are whole numbers of a small unit, and so is everything that is compared. For degenerate networks,
 * where lines meet in one point or touch the disc. Slopes must be halves, quarters and the like.
 */
export function countWholeNumberRegions(
  {layers, slope}: Mlp,
  [x, y]: readonly [number, number],
  radius: number,
): number {
  const side = whole(2 ** Math.ceil(Math.log2(radius) + 1))
  const square: Homogeneous[] = [
    [-side, -side, 1n],
    [side, -side, 1n],
    [side, side, 1n],
    [-side, side, 1n],
  ]
  const squaredRadius = whole(radius) ** 2n
  const input: Homogeneous[] = [
    [1n, 0n, whole(x)],
    [0n, 1n, whole(y)],
  ]
  let cells: Cell[] = [{corners: square, rows: input}]
  let scale = bits
  for (const {kernel, bias} of layers) {
    cells = cells.flatMap(({corners, rows}) => {
      let parts: Cell[] = [{corners, rows: []}]
      bias.forEach((b, j) => {
        const weights = kernel.map((row) => whole(row[j]!))
        const row = sum(weights, rows, whole(b) << BigInt(scale))
        parts = parts.flatMap((part) => split(part, row, slope, squaredRadius))
      })
      return parts
    })
    scale += 2 * bits
  }
  return cells.length
}

/** value * 2^bits */
function whole(value: number): bigint {
  let [mantissa, shift] = [value, bits]
  for (; !Number.isInteger(mantissa); shift--) mantissa *= 2
  if (shift < 0) throw new Error(`${value} is no multiple of 2^-${bits}`)
  return BigInt(mantissa) << BigInt(shift)
}

function sum(weights: readonly bigint[], rows: readonly Homogeneous[], bias: bigint): Homogeneous {
  const total = (k: 0 | 1 | 2) => rows.reduce((all, row, i) => all + weights[i]! * row[k], 0n)
  return [total(0), total(1), total(2) + bias]
}

function split(cell: Cell, row: Homogeneous, slope: number, squaredRadius: bigint): Cell[] {
  const isZero = row.every((v) => v === 0n)
  return ([1n, -1n] as const).flatMap((sign) => {
    const off = isZero && sign < 0n
    const corners = off ? cell.corners : clip(cell.corners, row, sign)
    if (corners.length === 0 || !meetsDisc(corners, squaredRadius)) return []
    const factor = whole(sign > 0n ? 1 : slope)
    return [{corners, rows: [...cell.rows, times(row, factor)]}]
  })
}

const times = ([x, y, w]: Homogeneous, factor: bigint): Homogeneous => [
  x * factor,
  y * factor,
  w * factor,
]

/** The part of a convex polygon where sign * row >= 0; none if that is only an edge or a corner. */
function clip(corners: readonly Homogeneous[], row: Homogeneous, sign: bigint): Homogeneous[] {
  const heights = corners.map((p) => sign * (row[0] * p[0] + row[1] * p[1] + row[2] * p[2]))
  if (heights.every((height) => height <= 0n)) return []
  return corners.flatMap((p, i) => {
    const next = (i + 1) % corners.length
    const [here, there, q] = [heights[i]!, heights[next]!, corners[next]!]
    const kept = here >= 0n ? [p] : []
    if (here * there >= 0n) return kept
    const [a, b] = [size(there), size(here)]
    return [...kept, shortened([p[0] * a + q[0] * b, p[1] * a + q[1] * b, p[2] * a + q[2] * b])]
  })
}

const size = (v: bigint) => (v < 0n ? -v : v)

function shortened([x, y, w]: Homogeneous): Homogeneous {
  let [divisor, rest] = [w, 0n]
  for (const v of [x, y]) {
    rest = size(v)
    while (rest > 0n) [divisor, rest] = [rest, divisor % rest]
  }
  return [x / divisor, y / divisor, w / divisor]
}

/** Whether a convex polygon comes nearer to the origin than the radius. */
function meetsDisc(corners: readonly Homogeneous[], squaredRadius: bigint): boolean {
  const edges = corners.map((p, i) => [p, corners[(i + 1) % corners.length]!] as const)
  const cross = (p: Homogeneous, q: Homogeneous) => p[0] * q[1] - p[1] * q[0]
  if (edges.every(([p, q]) => cross(p, q) >= 0n)) return true
  return edges.some(([p, q]) => {
    if (p[0] * p[0] + p[1] * p[1] < squaredRadius * p[2] * p[2]) return true
    const [dx, dy] = [q[0] * p[2] - p[0] * q[2], q[1] * p[2] - p[1] * q[2]]
    const along = -q[2] * (p[0] * dx + p[1] * dy)
    const squaredLength = dx * dx + dy * dy
    const isBetween = along > 0n && along < squaredLength
    return isBetween && cross(p, q) ** 2n < squaredRadius * squaredLength
  })
}

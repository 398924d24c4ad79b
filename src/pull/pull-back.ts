import {
  abs,
  add,
  dispose,
  matMul,
  mul,
  relu,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tidy,
  tile,
  zeros,
} from '@tensorflow/tfjs'
import {readOne, readOut} from '../common/read-out.js'
import type {Lines} from '../kinks/kink.js'
import type {Norm} from '../options.js'
import type {AffineInstruction, KinkInstruction, Program} from '../program/program.js'
import {linesOfPoints} from './lines-of-points.js'
import {lengthsOf, scaledLengths, squaredLengths} from './row-lengths.js'
import {seedRows} from './seed-rows.js'

/**
 * Rows to pull back from one kinked layer: for each of `points.length` points the same number of signed
 * forms. A grid rather than a ragged list, so that a point's lines reach its rows by
 * broadcasting: gathering them row by row costs more than the products do.
 */
export interface RowGrid {
  readonly layer: number
  /** Which points. */
  readonly points: Int32Array
  /** The number that each form reads, among the layer's `K x units`: `[points x rowsPerPoint]`. */
  readonly first: Int32Array
  /** The number that it subtracts, likewise; undefined where none subtracts any. */
  readonly second: Int32Array | undefined
  /** `[points x rowsPerPoint]`, 1 or -1: a bound from below of sign times the form. */
  readonly signs: Float32Array
  readonly rowsPerPoint: number
}

/** What a pulled-back row says: on the ball, sign form' >= sign form - slack - radius length. */
export interface PulledBack {
  /** Sum over the kinks passed of how far the lines lie from the function at the center. */
  readonly slack: Float32Array
  /** Dual norm of the row at the input; with exact slopes, of the gradient. */
  readonly length: Float32Array
}

/**
 * Pulls rows of signed forms back to the input through the given lines of every earlier layer:
 *
 *     z'_i >= row . h' ,   row h' >= sum_j row_j^+ (lower line_j) - row_j^- (upper line_j),
 *
 * layer after layer (CROWN, Zhang et al., arXiv:1811.00866). With both lines the tangent at the point it
 * is the gradient. Only deviations from the center are summed, so biases play no part.
 *
 * @param lines per kinked layer before the grid's, for all points `[points x units]`
 * @returns one number a row of the grid, `[points x rowsPerPoint]`
 */
export async function pullBack(
  program: Program,
  grid: RowGrid,
  lines: readonly Lines[],
  norm: Norm,
): Promise<PulledBack> {
  return readPulled(() => sweep(program, grid, lines, norm === 'l2'), norm)
}

/** What the rows that a sweep makes say; it is made again where their squares may have left float32. */
export async function readPulled(make: () => Swept, norm: Norm): Promise<PulledBack> {
  if (norm === 'linf') return readRows(make, (rows) => sum(abs(rows), 1))
  const {slack, length: squares} = await readRows(make, (rows) => squaredLengths(rows, 1))
  const length = lengthsOf(squares)
  return length ? {slack, length} : readRows(make, (rows) => scaledLengths(rows, 1))
}

/** The slack of each row, and what `lengthOf` makes of the rows at the input. */
async function readRows(
  make: () => Swept,
  lengthOf: (rows: Tensor2D) => Tensor,
): Promise<PulledBack> {
  const both = tidy(() => {
    const {slack, atInput} = make()
    return {slack: slack?.flatten(), length: lengthOf(atInput).flatten()}
  })
  const own = both.slack ? [both.length, both.slack] : [both.length]
  const [length, slack = new Float32Array(both.length.size)] = await readOut(own)
  return {slack, length: length!}
}

/**
 * The gradients of the grid's signed forms: their rows pulled back through the tangents at the points.
 *
 * @returns `[points x rowsPerPoint x input size]`
 */
export async function pullGradients(
  program: Program,
  grid: RowGrid,
  tangents: readonly Lines[],
): Promise<Float32Array> {
  const gradients = tidy(() => sweep(program, grid, tangents, false).atInput)
  return readOne(gradients)
}

/**
 * The rows at the input; with `shortened`, rows of the same lengths and angles where that is less work.
 *
 * @param tap is shown the rows as they arrive at the output of each kink; it must not dispose of them
 */
export function sweep(
  program: Program,
  grid: RowGrid,
  lines: readonly Lines[],
  shortened: boolean,
  tap?: (item: KinkInstruction, rows: Tensor2D) => void,
): Swept {
  // A tap is shown every kink.
  const seeds = seedRows(program, grid, tap ? undefined : lines)
  return sweepOn(program, seeds, grid, lines, shortened, tap)
}

/** Rows at the input, `[rows, input size]` or shortened, and the slack of each, `[points, rows of a point]`. */
export interface Swept {
  readonly slack: Tensor | undefined
  readonly atInput: Tensor2D
}

/** Where rows start from: with what they enter each value, the highest of which is `value`. */
export interface Seeds {
  readonly value: number
  readonly rows: readonly (readonly [number, Tensor2D])[]
  /** Slack that they bring along. */
  readonly slack?: Tensor
}

/** Goes on with rows from where they start; see `sweep`. */
export function sweepOn(
  program: Program,
  seeds: Seeds,
  grid: Pick<RowGrid, 'points' | 'rowsPerPoint'>,
  lines: readonly Lines[],
  shortened: boolean,
  tap?: (item: KinkInstruction, rows: Tensor2D) => void,
): Swept {
  const count = grid.points.length
  const {rowsPerPoint} = grid
  // The rows with which the value that each key names enters, [rows, size of the value].
  const rowsOf = new Map<number, Tensor2D>()
  const arrive = (value: number, rows: Tensor2D) => {
    const before = rowsOf.get(value)
    rowsOf.set(value, before ? (add(before, rows) as Tensor2D) : rows)
    if (before) dispose([before, rows])
  }
  let slack = seeds.slack
  for (const [value, rows] of seeds.rows) arrive(value, rows)
  for (let value = seeds.value; value > 0; value--) {
    const rows = rowsOf.get(value)
    if (!rows) continue
    rowsOf.delete(value)
    const item = program.instructions[value - 1]!
    if (item.kind === 'affine') {
      const factor = shortened ? lastFactor(program, item, rows.shape[0]) : undefined
      if (factor) return {slack, atInput: matMul(rows, factor) as Tensor2D}
      item.map.adjoint(rows).forEach((pulled, i) => {
        arrive(item.inputs[i]!, pulled)
      })
      rows.dispose()
      continue
    }
    tap?.(item, rows)
    const passed = passKink(rows, item, lines[item.layer]!, grid)
    rows.dispose()
    arrive(item.input, passed.rows)
    if (passed.gaps) slack = slack ? add(slack, passed.gaps) : passed.gaps
  }
  // No path leads to the input: the forms are constant.
  const atInput = rowsOf.get(0) ?? (zeros([count * rowsPerPoint, program.inputSize]) as Tensor2D)
  return {slack, atInput}
}

/**
 * Rows through the lines of one kink, and what the lines' gaps add to the slack. What is made on the way is
 * disposed of: a deep network would hold it for every layer.
 */
function passKink(
  rows: Tensor2D,
  item: KinkInstruction,
  own: Lines,
  grid: Pick<RowGrid, 'points' | 'rowsPerPoint'>,
) {
  const {candidates} = item.kink
  return tidy((): {rows: Tensor2D; gaps?: Tensor} => {
    const onGrid = rows.reshape([grid.points.length, grid.rowsPerPoint, -1]) as Tensor3D
    // Slopes are [points, 1, K x units] and gaps [points, 1, units]: a row meets each of its K numbers.
    const slope = (values: Float32Array) =>
      linesOfPoints(values, candidates * item.units, grid.points)
    // One column a point: the sums over units are products.
    const column = (values: Float32Array) =>
      linesOfPoints(values, item.units, grid.points).reshape([-1, item.units, 1]) as Tensor3D
    const repeat = (onUnits: Tensor3D) =>
      candidates === 1 ? onUnits : (tile(onUnits, [1, 1, candidates]) as Tensor3D)
    const asRows = (onNumbers: Tensor) =>
      onNumbers.reshape([rows.shape[0], candidates * item.units]) as Tensor2D
    const lower = slope(own.lowerSlope)
    if (!own.bent) return {rows: asRows(mul(repeat(onGrid), lower))}
    // row = positive - negative
    const positive = relu(onGrid)
    const negative = sub(positive, onGrid) as Tensor3D
    const through = sub(mul(repeat(positive), lower), mul(repeat(negative), slope(own.upperSlope)))
    const gaps = add(matMul(positive, column(own.lowerGap)), matMul(negative, column(own.upperGap)))
    return {rows: asRows(through), gaps: gaps.reshape([grid.points.length, grid.rowsPerPoint])}
  })
}

/** The factor of a map that alone reads the input: lengths can be read off it instead of at the input. */
function lastFactor(program: Program, {inputs, map}: AffineInstruction, rows: number) {
  const alone = inputs.length === 1 && inputs[0] === 0 && program.readers[0] === 1
  return alone ? map.lengthFactor?.(rows) : undefined
}

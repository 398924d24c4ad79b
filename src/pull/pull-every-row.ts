import {add, matMul, mul, sub, type Tensor2D, tidy} from '@tensorflow/tfjs'
import type {Lines} from '../kinks/kink.js'
import type {KinkInstruction, Program} from '../program/program.js'
import {linesOfPoints} from './lines-of-points.js'
import {readPulled, type Seeds, sweepOn} from './pull-back.js'
import {mostRowsAtOnce} from './pull-rows.js'

/**
 * Pulls both sides of every unit of a layer back to the input, at all points. All points start from the same rows,
 * so these are split by sign once, and through the kink before the layer the slack of all rows is a product of two
 * matrices:
 *
 *     sum_j W_ij^+ lowerGap_j + W_ij^- upperGap_j.
 *
 * `take` gets each unit's slack and length, for its lower side (sign 1) and its upper side (-1); `at` counts units over
 * all points.
 *
 * @returns false, having done nothing, where the layer's units are not a map of one earlier kink of one number a unit
 */
export async function pullEveryRow(
  program: Program,
  item: KinkInstruction,
  count: number,
  lines: readonly Lines[],
  memory: number,
  take: (at: number, sign: 1 | -1, slack: number, length: number) => void,
): Promise<boolean> {
  const parts = partsOf(program, item)
  if (!parts) return false
  const rowsPerPoint = 2 * item.units
  const atOnce = Math.max(1, Math.floor(mostRowsAtOnce(program, memory) / rowsPerPoint))
  for (let start = 0; start < count; start += atOnce) {
    const points = Int32Array.from({length: Math.min(atOnce, count - start)}, (_, p) => start + p)
    const grid = {points, rowsPerPoint}
    const {slack, length} = await readPulled(
      () => sweepOn(program, seedsOf(parts, lines[parts.before.layer]!, points), grid, lines, true),
      'l2',
    )
    for (let p = 0, row = 0; p < points.length; p++) {
      for (const sign of [1, -1] as const) {
        for (let unit = 0; unit < item.units; unit++, row++) {
          take((start + p) * item.units + unit, sign, slack[row]!, length[row]!)
        }
      }
    }
  }
  return true
}

/** The map that makes a layer's numbers and the kink that it reads. */
interface Parts {
  readonly before: KinkInstruction
  readonly positive: Tensor2D
  readonly negative: Tensor2D
}

function partsOf({instructions}: Program, {input, kink}: KinkInstruction): Parts | undefined {
  const maker = instructions[input - 1]
  if (kink.candidates > 1 || maker?.kind !== 'affine' || maker.inputs.length > 1) return undefined
  const before = instructions[maker.inputs[0]! - 1]
  if (before?.kind !== 'kink' || before.kink.candidates > 1) return undefined
  const signed = maker.map.signedRows?.()
  return signed && {before, ...signed}
}

/** Rows that have passed the kink before the layer: of each point the lower sides, then the upper ones. */
function seedsOf({before, positive, negative}: Parts, own: Lines, points: Int32Array): Seeds {
  const {units, input: value} = before
  const {rows, slack} = tidy(() => {
    const line = (values: Float32Array) => linesOfPoints(values, units, points)
    const flat = (values: Float32Array) => line(values).reshape([points.length, units]) as Tensor2D
    const lower = mul(positive, line(own.lowerSlope))
    const rows = sub(lower, mul(negative, line(own.bent ? own.upperSlope : own.lowerSlope)))
    const slack = own.bent
      ? add(
          matMul(flat(own.lowerGap), positive, false, true),
          matMul(flat(own.upperGap), negative, false, true),
        )
      : undefined
    return {rows: rows.reshape([-1, units]) as Tensor2D, slack}
  })
  return {value, rows: [[value, rows]], ...(slack && {slack})}
}

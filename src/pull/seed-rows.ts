import {mul, sub, type Tensor2D, tensor2d} from '@tensorflow/tfjs'
import type {Lines} from '../kinks/kink.js'
import type {KinkInstruction, Program} from '../program/program.js'
import {gathersFast} from './gathers-fast.js'
import {entriesPassed, passedOnHost} from './pass-on-host.js'
import type {RowGrid, Seeds} from './pull-back.js'

/**
 * The signed rows of a grid's forms, where pulling them back starts: in terms of what the map before the layer reads.
 *
 * Where that is one kink, and few of the map's rows are taken from the host, they pass the kink there, before they are
 * uploaded: one pass over each row, in place of an operation of the backend for each step of it.
 *
 * @param lines of the kinks before; undefined: rows stay on this side of the kink
 */
export function seedRows(
  program: Program,
  grid: RowGrid,
  lines: readonly Lines[] | undefined,
): Seeds {
  const value = program.kinks[grid.layer]!.input
  const maker = program.instructions[value - 1]
  if (maker?.kind !== 'affine') return {value, rows: [[value, ownRows(program, grid)]]}
  const before = kinkOnHost(program, grid.layer, grid.first.length)
  if (lines && before) {
    const own = lines[before.layer]!
    const {hostRows} = maker.map
    return hostRows
      ? passedOnHost(hostRows(), before, own, grid)
      : entriesPassed(maker.map, before, own, grid)
  }
  return {value, rows: mapRows(maker.map.rows, grid).map((made, i) => [maker.inputs[i]!, made])}
}

/** The kink that so many rows of a layer pass on the host. */
function kinkOnHost(
  {kinks, instructions}: Program,
  layer: number,
  rows: number,
): KinkInstruction | undefined {
  const maker = instructions[kinks[layer]!.input - 1]
  if (maker?.kind !== 'affine') return undefined
  const {hostRows, rowEntries} = maker.map
  if (hostRows ? gathersFast(rows) : !rowEntries) return undefined
  const before = instructions[maker.inputs[0]! - 1]
  return before?.kind === 'kink' && before.kink.candidates === 1 ? before : undefined
}

/** Whether so many rows of a layer meet no lines after those that they pass on the host: a grid may mix points as it likes then. */
export function meetsNoMoreLines(program: Program, layer: number, rows: number): boolean {
  const before = kinkOnHost(program, layer, rows)
  const maker = before && program.instructions[before.input - 1]
  return maker?.kind === 'affine' && maker.inputs.every((value) => value === 0)
}

function mapRows(rowsOf: (units: Int32Array) => Tensor2D[], grid: RowGrid): Tensor2D[] {
  const second = grid.second && rowsOf(grid.second)
  const forms = rowsOf(grid.first).map((rows, i) => (second ? sub(rows, second[i]!) : rows))
  if (grid.signs.every(isOne)) return forms as Tensor2D[]
  const signs = tensor2d(grid.signs, [grid.signs.length, 1])
  return forms.map((form) => mul(form, signs) as Tensor2D)
}

const isOne = (sign: number) => sign === 1

/** A kink straight on the input or on another kink: its pre-activation is that value itself. */
function ownRows(program: Program, grid: RowGrid): Tensor2D {
  const {kink, units} = program.kinks[grid.layer]!
  const size = kink.candidates * units
  const rows = new Float32Array(grid.first.length * size)
  grid.first.forEach((number, r) => {
    rows[r * size + number] = grid.signs[r]!
  })
  grid.second?.forEach((number, r) => {
    rows[r * size + number] = -grid.signs[r]!
  })
  return tensor2d(rows, [grid.first.length, size])
}

import {abs, sum, type Tensor, tidy} from '@tensorflow/tfjs'
import type {Forward} from '../forward/forward.js'
import type {Lines} from '../kinks/kink.js'
import type {Norm} from '../options.js'
import type {Program} from '../program/program.js'
import {sweep} from '../pull/pull-back.js'
import {mostRowsAtOnce} from '../pull/pull-rows.js'
import {packRows, type WantedRow} from '../pull/row-grids.js'
import {lengthsOf, scaledLengths, squaredLengths} from '../pull/row-lengths.js'
import {meetsNoMoreLines} from '../pull/seed-rows.js'
import {readTogether} from './read-together.js'

/** Rows wanted of one layer. */
export interface LayerRows {
  readonly layer: number
  readonly rows: readonly WantedRow[]
}

/**
 * Pulls gradients of several layers back with one reading for all of them, and hands the length of each to `take`: what
 * `pullRows` finds, layer after layer.
 */
export async function pullAtOnce(
  program: Program,
  {kinks}: Forward,
  wanted: readonly LayerRows[],
  tangents: readonly Lines[],
  norm: Norm,
  memory: number,
  take: (layer: number, row: WantedRow, length: number) => void,
): Promise<void> {
  const limit = mostRowsAtOnce(program, memory)
  const packed = wanted.flatMap(({layer, rows}) =>
    packRows(layer, kinks[layer]!, rows, limit, meetsNoMoreLines(program, layer, rows.length)),
  )
  const read = (lengths: (rows: Tensor, axis: number) => Tensor) =>
    readTogether(() =>
      packed.map(({grid}) =>
        tidy(() => lengths(sweep(program, grid, tangents, norm === 'l2').atInput, 1)),
      ),
    )
  const found =
    norm === 'linf'
      ? await read((rows, axis) => sum(abs(rows), axis))
      : await lengthsFrom(await read(squaredLengths), () => read(scaledLengths))
  packed.forEach(({grid, rows, places}, g) => {
    rows.forEach((row, k) => {
      take(grid.layer, row, found[g]![places[k]!]!)
    })
  })
}

/** Lengths from their squares; `again` makes those anew whose squares may have left float32. */
async function lengthsFrom(
  squares: readonly Float32Array[],
  again: () => Promise<Float32Array[]>,
): Promise<readonly Float32Array[]> {
  const lengths = squares.map(lengthsOf)
  const scaled = lengths.includes(undefined) ? await again() : []
  return lengths.map((own, g) => own ?? scaled[g]!)
}

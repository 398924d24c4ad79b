import {mul, tidy} from '@tensorflow/tfjs'
import type {KinkInstruction, Program} from '../../program.js'
import {gramsOf} from './grams-of.js'

/** Inner products of the rows of a layer's units with each other. */
export interface WholeGram {
  /** Of rows times `scale`: `[units x units]`. */
  readonly values: Float32Array
  readonly scale: number
  readonly units: number
}

/** Wider layers have their products worked out for the rows that are needed alone. */
const widest = 1024

/** By program, since it costs as much as a run of as many points as there are units. */
const known = new WeakMap<Program, Promise<WholeGram | undefined>>()

/**
 * The Gram matrix of all units of the first kinked layer, whose rows are the same at all points.
 *
 * @returns undefined where the layer is very wide, or more than one affine map lies between it and the input
 */
export function firstLayerGram(program: Program): Promise<WholeGram | undefined> {
  const found = known.get(program) ?? gramOf(program, program.kinks[0])
  known.set(program, found)
  return found
}

async function gramOf(
  program: Program,
  item: KinkInstruction | undefined,
): Promise<WholeGram | undefined> {
  if (!item) return undefined
  const maker = program.instructions[item.input - 1]
  if (maker?.kind !== 'affine' || maker.inputs.length > 1 || maker.inputs[0] !== 0) return undefined
  if (item.kink.candidates > 1 || item.units > widest) return undefined
  const {units} = item
  const longest = maker.map.rowNorms[0]!.reduce((a, b) => Math.max(a, b), 0)
  const scale = 2 ** -Math.max(-100, Math.min(100, Math.round(Math.log2(longest)) || 0))
  const gram = tidy(() => {
    const [rows] = maker.map.rows(Int32Array.from({length: units}, (_, unit) => unit))
    return gramsOf(mul(rows!, scale).expandDims(0))
  })
  const values = (await gram.data()) as Float32Array
  gram.dispose()
  return {values, scale, units}
}

/** The rows and columns of some units. */
export function pickGram({values, units}: WholeGram, picked: readonly number[]): Float32Array {
  const n = picked.length
  const out = new Float32Array(n * n)
  picked.forEach((unit, i) => {
    for (let j = 0; j < n; j++) out[i * n + j] = values[unit * units + picked[j]!]!
  })
  return out
}

import type {AffineInstruction, KinkInstruction, Program} from '../program/program.js'

/** A map, a kink of one number a unit, a map, a kink ... */
export interface Chain {
  readonly maps: readonly AffineInstruction[]
  readonly kinks: readonly KinkInstruction[]
}

/** A program as a chain; undefined where it is none. */
export function chainOf(program: Program): Chain | undefined {
  const maps: AffineInstruction[] = []
  for (const [k, item] of program.instructions.entries()) {
    if (item.kind === 'affine' ? k % 2 === 1 || item.inputs.length > 1 : k % 2 === 0)
      return undefined
    if (item.kind === 'affine') maps.push(item)
    else if (item.kink.candidates > 1) return undefined
    if ((item.kind === 'affine' ? item.inputs[0] : item.input) !== k) return undefined
  }
  return program.kinks.length > 0 ? {maps, kinks: program.kinks} : undefined
}

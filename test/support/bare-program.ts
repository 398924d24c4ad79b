import type {AffineInstruction, KinkInstruction, Program} from '../../src/program/program.js'

/** Instructions that say what reads what and nothing else. */
export const affine = (...inputs: number[]) =>
  ({kind: 'affine', inputs}) as unknown as AffineInstruction

export const kink = (input: number, layer: number) =>
  ({kind: 'kink', input, layer}) as unknown as KinkInstruction

/** A program of 4 inputs with no weights. */
export function program(...instructions: (AffineInstruction | KinkInstruction)[]): Program {
  const kinks = instructions.filter((item): item is KinkInstruction => item.kind === 'kink')
  return {
    instructions,
    kinks,
    inputSize: 4,
    dispose: () => {},
    whenDisposed: () => {},
    readers: readersOf(instructions),
  }
}

function readersOf(instructions: Program['instructions']): number[] {
  const readers = new Array<number>(instructions.length + 1).fill(0)
  for (const item of instructions) {
    for (const input of item.kind === 'kink' ? [item.input] : item.inputs) readers[input]!++
  }
  return readers
}

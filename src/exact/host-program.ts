import type {Network} from '../network.js'
import {type Program, readProgram} from '../program/program.js'
import {type AffineValues, affinePush} from './affine-values.js'
import {type KinkPieces, piecesOf} from './kink-pieces.js'

/** An affine map of earlier values. */
export interface AffineOnHost {
  readonly kind: 'affine'
  readonly inputs: readonly number[]
  push(inputs: readonly AffineValues[]): AffineValues
}

/** A kink on every unit of an earlier value; `layer` is its place among the kinked layers. */
export interface KinkOnHost {
  readonly kind: 'kink'
  readonly input: number
  readonly layer: number
  readonly pieces: KinkPieces
}

/**
 * A program that is run in float64 on the host, on affine functions instead of numbers. As in a `Program`,
 * instruction k makes value k + 1.
 */
export interface HostProgram {
  readonly instructions: readonly (AffineOnHost | KinkOnHost)[]
}

/** Reads the live weights of a network once, uses them on the host and leaves no tensor. */
export async function withHostProgram<T>(
  network: Network,
  use: (program: HostProgram) => T,
): Promise<T> {
  const program = await readProgram(network)
  try {
    return use(hostProgram(program))
  } finally {
    program.dispose()
  }
}

/** The same program on the host. */
export function hostProgram(program: Program): HostProgram {
  return {
    instructions: program.instructions.map((item) =>
      item.kind === 'affine'
        ? {kind: item.kind, inputs: item.inputs, push: affinePush(item.map)}
        : {
            kind: item.kind,
            input: item.input,
            layer: item.layer,
            pieces: piecesOf(item.kink, item.units),
          },
    ),
  }
}

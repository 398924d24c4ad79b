import {
  concat,
  dispose,
  eye,
  matMul,
  mul,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor3d,
  tidy,
} from '@tensorflow/tfjs'
import type {Lines} from '../kinks/kink.js'
import type {AffineInstruction, KinkInstruction, Program} from '../program.js'
import {openUnits} from './open-units.js'

/** What an earlier layer's open units add to the rows of later ones. */
export type OpenBlock = {
  /** `[points, 1, own]`, gaps of its lines. */
  readonly lowerGap: Tensor3D
  readonly upperGap: Tensor3D
  /** Lower less upper slope, `[points, own, 1]`. */
  readonly slopeDrop: Tensor3D
  /** How its numbers move with the outputs of the open units of the blocks before, `[points, before, own]`. */
  readonly moves: Tensor3D | undefined
}

/**
 * A chain of maps and kinks with one slope a unit, the upper line's, pushed forward at some points as far as the numbers that
 * layer `layer` reads: how these move with the input, and with the outputs of the open units of every layer before.
 */
export interface Pushed {
  readonly layer: number
  /** Of `points` or, in the first layer, of any: `[points or 1, directions, numbers]`. */
  readonly directions: Tensor3D
  /** `[points, open units of all blocks, numbers]`; undefined where there are none. */
  readonly open: Tensor3D | undefined
  /** How the open units themselves move with the input, `[points, directions, open units of all blocks]`. */
  readonly openDirections: Tensor3D | undefined
  readonly blocks: readonly OpenBlock[]
}

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

/**
 * The first layer's numbers: directions of the input that no row is longer or shorter for. Where the first map is wide,
 * those of its factor.
 */
export function pushStart({map}: AffineInstruction): Pushed {
  const directions = tidy(() => {
    const factor = map.lengthFactor?.(Number.POSITIVE_INFINITY)
    const rows = factor ? factor.transpose() : map.linear([eye(map.inputSizes[0]!)])
    return rows.reshape([1, -1, map.outputSize]) as Tensor3D
  })
  return {layer: 0, directions, open: undefined, openDirections: undefined, blocks: []}
}

type Next = {
  directions: Tensor3D
  open: Tensor3D | undefined
  openDirections: Tensor3D | undefined
  block: OpenBlock | undefined
}

/**
 * One layer further, through the lines of the layer that has been reached, at points `start` to `end`. It takes over what
 * `before` owns and disposes of what is not needed any more.
 */
export function pushOn(
  before: Pushed,
  {map}: AffineInstruction,
  lines: Lines,
  units: number,
  start: number,
  end: number,
): Pushed {
  const count = end - start
  const own = openUnits(lines, units, start, end)
  const next = tidy((): Next => {
    const slopes = tensor3d(lines.upperSlope.slice(start * units, end * units), [count, 1, units])
    const through = (rows: Tensor3D): Tensor3D => {
      const flat = rows.reshape([-1, units]) as Tensor2D
      return map.linear([flat]).reshape([count, -1, map.outputSize]) as Tensor3D
    }
    const directions = through(mul(before.directions, slopes))
    const passed = before.open && (mul(before.open, slopes) as Tensor3D)
    if (own.most === 0) {
      const open = passed && through(passed)
      return {directions, open, openDirections: before.openDirections?.clone(), block: undefined}
    }
    const [picks, columns] = [own.picks(), own.pickColumns()]
    const moved = matMul(before.directions, columns) as Tensor3D
    const block: OpenBlock = {
      lowerGap: own.lowerGap(),
      upperGap: own.upperGap(),
      slopeDrop: own.slopeDrop(),
      moves: before.open && matMul(before.open, columns),
    }
    return {
      directions,
      open: through(passed ? concat([passed, picks], 1) : picks),
      openDirections: before.openDirections
        ? (concat([before.openDirections, moved], 2) as Tensor3D)
        : moved,
      block,
    }
  })
  dispose(
    [before.directions, before.open, before.openDirections].filter(
      (tensor) => tensor !== undefined,
    ),
  )
  const {directions, open, openDirections, block} = next
  return {
    layer: before.layer + 1,
    directions,
    open,
    openDirections,
    blocks: block ? [...before.blocks, block] : before.blocks,
  }
}

/** Gives back everything that was pushed. */
export function disposePushed({directions, open, openDirections, blocks}: Pushed): void {
  const tensors: (Tensor | undefined)[] = [directions, open, openDirections]
  for (const {lowerGap, upperGap, slopeDrop, moves} of blocks) {
    tensors.push(lowerGap, upperGap, slopeDrop, moves)
  }
  dispose(tensors.filter((tensor) => tensor !== undefined))
}

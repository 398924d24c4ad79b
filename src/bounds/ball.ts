import type {BallMap} from '../affine/affine-map.js'
import type {KinkInstruction, Program} from '../program/program.js'

/**
 * Ball to ball: as the input moves by r, value v moves by at most r `reach[v]` (in the scaled space of
 * that value), since norms of affine maps and steepest slopes multiply. The same for all points.
 */
export interface BallProgram {
  /** Per instruction; undefined for a kink. */
  readonly maps: readonly (BallMap | undefined)[]
  /** Per value: x = scale x', one number a unit; undefined stands for 1. */
  readonly scales: readonly (Float64Array | undefined)[]
  /** Per value: a certified Lipschitz constant of x' with respect to the input. */
  reach(value: number): Promise<number>
}

/**
 * Norms and scales of a program, once a snapshot.
 *
 * With `normalise` each unit's incoming row is scaled to norm 1 (a ReLU network stays the same when a
 * unit's incoming row is divided by what its outgoing column is multiplied with), so that the result
 * does not depend on how the network happens to be scaled.
 */
export function readBalls(program: Program, normalise: boolean, roundoff: number): BallProgram {
  const maps: (BallMap | undefined)[] = []
  const scales: (Float64Array | undefined)[] = [undefined]
  for (const item of program.instructions) {
    if (item.kind === 'kink') {
      maps.push(undefined)
      scales.push(unitScales(item, scales[item.input]))
      continue
    }
    const ball = item.map.ball(
      item.inputs.map((value) => scales[value]),
      normalise,
      roundoff,
    )
    maps.push(ball)
    scales.push(ball.outputScale)
  }
  const known: (Promise<number> | undefined)[] = [Promise.resolve(1)]
  const reach = (value: number): Promise<number> => {
    known[value] ??= reachOf(value)
    return known[value]
  }
  const reachOf = async (value: number): Promise<number> => {
    const item = program.instructions[value - 1]!
    if (item.kind === 'kink') return (await reach(item.input)) * item.kink.steepest
    const [norms, ...before] = await Promise.all([
      maps[value - 1]!.norms(),
      ...item.inputs.map(reach),
    ])
    return norms.reduce((sum, norm, i) => sum + norm * before[i]!, 0)
  }
  return {maps, scales, reach}
}

/** A maximum's unit moves by no more than its fastest candidate: it takes the largest of their scales. */
function unitScales({kink, units}: KinkInstruction, scale: Float64Array | undefined) {
  if (!scale || kink.candidates === 1) return scale
  const largest = new Float64Array(units)
  scale.forEach((s, at) => {
    largest[at % units] = Math.max(largest[at % units]!, s)
  })
  return largest
}

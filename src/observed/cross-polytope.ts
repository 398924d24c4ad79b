import type {BoundTools} from '../bounds/bound-layers.js'
import {fillNormal, type RandomSource, randomStream} from '../common/random.js'
import {runForward, valuesPerPoint} from '../forward/forward.js'
import type {Balls} from '../radii/at-each-radius.js'
import {seenPieces} from './seen-pieces.js'

/** How the cross-polytopes are drawn. */
export interface FrameSettings {
  /** Directions of a frame, at most as many as the input has dimensions: half as many as there are vertices. */
  readonly directions: number
  readonly seed: number
}

/**
 * Counts the units that are not on one piece at all vertices x +- radius v_p of a random cross-polytope around each
 * point, v_1, v_2, ... an orthonormal frame of the point's own.
 *
 * @returns per layer `[points]`
 */
export async function countCrossed(
  {program, memory}: BoundTools,
  {forward: {points, roundoff}, start, radius}: Balls,
  {directions, seed}: FrameSettings,
): Promise<Int32Array[]> {
  const {size} = points
  const seen = seenPieces(
    program.kinks.map(({units}) => units),
    points.count,
    false,
  )
  const total = points.count * 2 * directions
  const most = Math.max(1, Math.min(4096, Math.floor(memory / (64 * valuesPerPoint(program)))))
  let frame: Float64Array[] = []
  for (let first = 0; first < total; first += most) {
    const count = Math.min(most, total - first)
    const values = new Float32Array(count * size)
    const owners = Int32Array.from({length: count}, (_, v) =>
      Math.floor((first + v) / (2 * directions)),
    )
    owners.forEach((point, v) => {
      const vertex = (first + v) % (2 * directions)
      if (vertex === 0) {
        const rng = randomStream(`${seed}/local complexity/${start + point}`)
        frame = orthonormalFrame(directions, size, rng)
      }
      const direction = frame[vertex >> 1]!
      const length = (vertex % 2 ? -1 : 1) * radius[point]!
      for (let i = 0; i < size; i++) {
        values[v * size + i] = points.values[point * size + i]! + length * direction[i]!
      }
    })
    seen.note(await runForward(program, {values, count, size}, roundoff, memory), owners)
  }
  return seen.counts()
}

/** Directions of length 1 at right angles, uniform over all such frames: normal vectors by Gram and Schmidt. */
export function orthonormalFrame(
  directions: number,
  size: number,
  rng: RandomSource,
): Float64Array[] {
  const frame: Float64Array[] = []
  while (frame.length < directions) {
    const vector = fillNormal(new Float64Array(size), rng)
    // Once more takes away what rounding left.
    for (const other of [...frame, ...frame]) {
      const share = dot(vector, other)
      for (let i = 0; i < size; i++) vector[i]! -= share * other[i]!
    }
    const length = Math.sqrt(dot(vector, vector))
    frame.push(vector.map((value) => value / length))
  }
  return frame
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

import {valuesPerPoint} from './forward/forward.js'
import type {Points} from './points.js'
import type {Program} from './program/program.js'
import {pushedAtOnce} from './push/pushed-layers.js'

/** Chunks of fewer points than this pay more for starting than pushing rows forward saves. */
const worthPushing = 64

/**
 * Bounds keep some sixteen numbers a unit and point on the host, and up to two rows to pull back; and where there is room
 * for it, what is pushed forward.
 */
export function pointsAtOnce(program: Program, memory: number): number {
  const most = Math.max(1, Math.floor(memory / (256 * valuesPerPoint(program))))
  const pushable = pushedAtOnce(program, memory)
  return pushable >= worthPushing ? Math.min(most, pushable) : most
}

/** Points in chunks that are measured one after the other. */
export function chunksOf(points: Points, program: Program, memory: number): Points[] {
  const {count, size, values} = points
  const most = pointsAtOnce(program, memory)
  const chunks: Points[] = []
  for (let start = 0; start < count; start += most) {
    const end = Math.min(count, start + most)
    chunks.push({values: values.subarray(start * size, end * size), count: end - start, size})
  }
  return chunks
}

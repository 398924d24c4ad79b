import type {Forward} from '../forward.js'
import type {Radii, Session} from '../measure.js'
import {atRanks, rankRadii} from '../ranked-radii.js'

/** A chunk of the points with a ball each: at one rank, the largest ball of each point, or its second, ... */
export interface Balls {
  readonly forward: Forward
  /** Number of the chunk's first point. */
  readonly start: number
  readonly radius: Float64Array
  readonly rank: number
}

/**
 * Looks into every ball, chunk after chunk of points and from the largest ball of each point to its smallest.
 *
 * @param look gives lists of numbers, each `[points of the chunk]`
 * @returns for each radius rule the lists, each `[points]`
 */
export async function atEachRadius(
  session: Session,
  name: string,
  radii: readonly Radii[],
  look: (balls: Balls) => Promise<readonly Int32Array[]>,
): Promise<Int32Array[][]> {
  const chunks = await session.eachChunk(name, async (forward, start) => {
    const {byRank, ranks} = rankRadii(radii, start, forward.points.count)
    const ranked: (readonly Int32Array[])[] = []
    for (const [rank, radius] of byRank.entries()) {
      ranked.push(await look({forward, start, radius, rank}))
    }
    const list = (index: number) => ranked.map((lists) => lists[index]!)
    return ranks.map((own) => ranked[0]!.map((_, index) => atRanks(list(index), own)))
  })
  return radii.map((_, k) =>
    chunks[0]![k]!.map((_, index) => joined(chunks.map((chunk) => chunk[k]![index]!))),
  )
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const whole = new Int32Array(parts.reduce((sum, {length}) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

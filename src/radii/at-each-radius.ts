import type {Forward} from '../forward/forward.js'
import type {Radii} from '../measure.js'
import type {Session} from '../session.js'
import {atRanks, rankRadii} from './ranked-radii.js'

/** A chunk of the points with a ball each: at one rank, the largest ball of each point, or its second, ... */
export interface Balls {
  readonly forward: Forward
  /** Number of the chunk's first point. */
  readonly start: number
  readonly radius: Float64Array
  readonly rank: number
}

/** Numbers of one kind, one a point. */
export type PerPoint = Int32Array | Float64Array

/**
 * Looks into every ball, from the largest ball of each point to its smallest, and in chunks of points.
 *
 * @param look gives lists of numbers, each `[points of the chunk]`
 * @returns for each radius rule the lists, each `[points]`; undefined where it was stopped before every point had
 *   been looked at
 */
export async function atEachRadius<const Lists extends readonly PerPoint[]>(
  session: Session,
  name: string,
  radii: readonly Radii[],
  look: (balls: Balls) => Promise<Lists>,
): Promise<(Lists | undefined)[]> {
  const {byRank, ranks} = rankRadii(radii, 0, radii[0]?.radius.length ?? 0)
  const ranked: Lists[] = []
  for (const [rank, radius] of byRank.entries()) {
    const chunks = await session.stop.whole(() =>
      session.eachChunk(name, (forward, start) =>
        look({forward, start, radius: radius.subarray(start, start + forward.points.count), rank}),
      ),
    )
    if (!chunks) break
    ranked.push(
      chunks[0]!.map((_, index) =>
        joined(chunks.map((lists) => lists[index]!)),
      ) as unknown as Lists,
    )
  }
  return ranks.map((own) => {
    if (own.some((rank) => rank >= ranked.length)) return undefined
    const list = (index: number) =>
      atRanks(
        ranked.map((lists) => lists[index]!),
        own,
      )
    return ranked[0]!.map((_, index) => list(index)) as unknown as Lists
  })
}

/** The lists of all chunks, one after another. */
export function joined<T extends PerPoint>(parts: readonly T[]): T {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const whole = new (parts[0]!.constructor as new (length: number) => T)(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

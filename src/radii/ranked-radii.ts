/** Several radii of the same points, sorted at each point: what holds on a larger ball holds on a smaller one. */
export interface RankedRadii {
  /** From the largest ball of each point to its smallest, each `[points]`. */
  readonly byRank: readonly Float64Array[]
  /** For each radius in the order given its rank at each point. */
  readonly ranks: readonly Int32Array[]
}

/** Ranks the radii of `count` points from number `start` on. */
export function rankRadii(
  rules: readonly {readonly radius: Float64Array}[],
  start: number,
  count: number,
): RankedRadii {
  const radii = rules.map(({radius}) => radius)
  const byRank = radii.map(() => new Float64Array(count))
  const ranks = radii.map(() => new Int32Array(count))
  for (let point = 0; point < count; point++) {
    for (let k = 0; k < radii.length; k++) {
      const own = radii[k]![start + point]!
      let rank = 0
      for (let other = 0; other < radii.length; other++) {
        const radius = radii[other]![start + point]!
        // Of equal ones the first is the larger.
        if (radius > own || (radius === own && other < k)) rank++
      }
      byRank[rank]![point] = own
      ranks[k]![point] = rank
    }
  }
  return {byRank, ranks}
}

/** Of numbers that are known by rank, those that each point has at its own rank. */
export function atRanks<T extends Int32Array | Float64Array>(
  byRank: readonly T[],
  ranks: Int32Array,
): T {
  const picked = byRank[0]!.slice() as T
  for (let point = 0; point < ranks.length; point++) picked[point] = byRank[ranks[point]!]![point]!
  return picked
}

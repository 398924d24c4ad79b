/** Patterns that are surely distinct from one another. */
export interface PatternSet {
  /** Adds a pattern if it is surely distinct from all that were added before. */
  add(pattern: Int32Array): void
  readonly count: number
}

/**
 * Collects patterns, one piece a unit and -1 where it is in doubt. Two are surely distinct where some unit is on two
 * pieces, neither in doubt. That is no equivalence, so the count depends on the order; it never exceeds the number of
 * distinct patterns there are.
 */
export function patternSet(): PatternSet {
  const known: Int32Array[] = []
  return {
    add: (pattern) => {
      if (known.every((other) => differ(pattern, other))) known.push(pattern)
    },
    get count() {
      return known.length
    },
  }
}

function differ(one: Int32Array, other: Int32Array): boolean {
  for (let unit = 0; unit < one.length; unit++) {
    if (one[unit] !== other[unit] && one[unit]! >= 0 && other[unit]! >= 0) return true
  }
  return false
}

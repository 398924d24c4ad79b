/** How a series grows: robust against single outliers and against steps of an allocator. */
export interface Rise {
  /** Median slope over all pairs of block medians (Theil and Sen), a value. */
  readonly slope: number
  /** Kendall's tau of the block medians: 1 where each is above the one before. */
  readonly tau: number
}

const blocks = 8

/** Cuts a series into eight blocks and compares their medians. */
export function measureRise(values: readonly number[]): Rise {
  const size = values.length / blocks
  const medians = Array.from({length: blocks}, (_, b) =>
    median(values.slice(Math.round(b * size), Math.round((b + 1) * size))),
  )
  const slopes: number[] = []
  let agreed = 0
  for (let i = 0; i < blocks; i++) {
    for (let j = i + 1; j < blocks; j++) {
      slopes.push((medians[j]! - medians[i]!) / ((j - i) * size))
      agreed += Math.sign(medians[j]! - medians[i]!)
    }
  }
  return {slope: median(slopes), tau: agreed / slopes.length}
}

/**
 * Whether a series rises throughout and by more than `least` from end to end. Without a trend the eight medians have
 * a tau of 0.86 or more (at most two of 28 pairs the other way) once in a thousand times; both must hold at once.
 */
export function risesSteadily(values: readonly number[], least: number): boolean {
  const {slope, tau} = measureRise(values)
  return tau >= 0.85 && slope * values.length > least
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}

/** The middle of an odd number of values, the lower middle of an even one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)]!
}

/** Runs `work` once to warm up and `times` more, and returns the milliseconds of each of these. */
export async function timeRuns(times: number, work: () => Promise<unknown>): Promise<number[]> {
  await work()
  const runs: number[] = []
  for (let k = 0; k < times; k++) {
    const start = performance.now()
    await work()
    runs.push(performance.now() - start)
  }
  return runs
}

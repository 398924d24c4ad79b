import {quantiles} from '../../storage/summaries.js'
import {partition} from '../partition.js'

/** One number of one point at one snapshot, with what tells it apart. */
export interface Observation {
  /** The panel that it is drawn in: a run's name, a radius, or both. */
  readonly panel: string
  readonly group: string
  /** Tells the runs of one panel apart. */
  readonly seed: number
  readonly step: number
  readonly value: number
}

/** Median and 10-90 % band over the points of all seeds at one step. */
export interface Band {
  readonly panel: string
  readonly group: string
  readonly step: number
  readonly low: number
  readonly median: number
  readonly high: number
}

/** Median over the points of one seed at one step. */
export interface SeedMedian {
  readonly panel: string
  readonly group: string
  readonly seed: number
  readonly step: number
  readonly median: number
}

export interface Pooled {
  /** In the order of their steps within a panel and group, as are the medians of a seed. */
  readonly bands: readonly Band[]
  /** Empty for a panel and group of one seed, where they would repeat the bands' medians. */
  readonly medians: readonly SeedMedian[]
  /** Snapshots that could not be pooled because other seeds have none at their step. */
  readonly alone: number
}

/**
 * Pools the points of all seeds of a panel and group at each step that every seed has, and takes the
 * median of each seed beside it.
 *
 * Quantiles are by nearest rank, so that infinity, a legal distance, counts as the largest value.
 *
 * @example
 * pool([{panel: '', group: 'train', seed: 1, step: 0, value: 3}]).bands[0].median // 3
 */
export function pool(observations: readonly Observation[]): Pooled {
  const bands: Band[] = []
  const medians: SeedMedian[] = []
  let alone = 0
  for (const together of partition(observations, ({panel, group}) => `${panel}\n${group}`)) {
    const {panel, group} = together[0]!
    const shared = atSharedSteps(together)
    alone += shared.alone
    for (const atStep of shared.steps) {
      const {q10: low, median, q90: high} = quantilesOf(atStep)
      bands.push({panel, group, step: atStep[0]!.step, low, median, high})
    }
    const bySeed = partition(together, (one) => one.seed)
    for (const ofSeed of bySeed.length > 1 ? bySeed : []) {
      for (const atStep of inSteps(ofSeed)) {
        const {seed, step} = atStep[0]!
        medians.push({panel, group, seed, step, median: quantilesOf(atStep).median})
      }
    }
  }
  return {bands, medians, alone}
}

/**
 * Rows of several seeds, step by step, at the steps that all of those seeds have: a summary of seeds
 * that change from step to step would move without any of them moving.
 *
 * @returns the rows of each such step, and how many snapshots are left out
 */
export function atSharedSteps<Row extends {readonly seed: number; readonly step: number}>(
  rows: readonly Row[],
): {readonly steps: readonly Row[][]; readonly alone: number} {
  const seeds = (some: readonly Row[]) => new Set(some.map((row) => row.seed)).size
  const steps = inSteps(rows)
  const all = seeds(rows)
  return {
    steps: steps.filter((atStep) => seeds(atStep) === all),
    alone: steps.map(seeds).reduce((sum, some) => sum + (some < all ? some : 0), 0),
  }
}

function inSteps<Row extends {readonly step: number}>(rows: readonly Row[]): Row[][] {
  return partition(rows, (row) => row.step).sort((a, b) => a[0]!.step - b[0]!.step)
}

function quantilesOf(observations: readonly Observation[]) {
  return quantiles(Float64Array.from(observations, (one) => one.value))
}

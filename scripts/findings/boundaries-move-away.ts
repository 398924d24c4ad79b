import {partition} from '../partition.js'
import {compare, type SeedEffect} from './compare.js'
import {effectText, type Finding, intervalText} from './finding.js'
import type {Median} from './medians.js'

/**
 * Finding A, region boundaries tend to move away from the training points: for each seed the
 * natural logarithm of the median distance of the training points at the last snapshot over that at
 * step 0. Three more rows describe the way there (the least and the greatest median over step 0, and the
 * last over the greatest), and one for each other group says whether boundaries left the training points
 * alone.
 *
 * @param medians median distances of one experiment in one norm
 * @param groups names of the other groups, in their order
 */
export function boundariesMoveAway(
  medians: readonly Median[],
  groups: readonly string[],
): readonly Finding[] {
  const row = (group: string, kind: Kind): Finding | undefined => {
    const ofGroup = medians.filter((median) => median.group === group)
    const seeds = partition(ofGroup, (median) => median.seed).map(kind.effect)
    if (seeds.length === 0) return undefined
    const {verdict, ...comparison} = compare(seeds)
    const tested = group === 'train' && kind === lastOverFirst
    const {name: run, norm} = ofGroup[0]!
    const finding = {
      finding: 'A',
      run,
      subject: `median ${norm} distance`,
      compared: `${group}, ${kind.compared}`,
      scale: 'log ratio',
      group,
      norm,
      ...comparison,
      ...(kind.epoch && {epochs: partition(ofGroup, (median) => median.seed).map(kind.epoch)}),
      verdict: tested ? verdict : null,
    } as const
    return {...finding, sentence: sentence(finding, kind)}
  }
  return [
    row('train', lastOverFirst),
    row('train', leastOverFirst),
    row('train', peakOverFirst),
    row('train', lastOverPeak),
    ...groups.map((group) => row(group, lastOverFirst)),
  ].filter((finding) => finding !== undefined)
}

interface Kind {
  readonly compared: string
  readonly words: string
  effect(ofSeed: readonly Median[]): SeedEffect
  /** When that was, where it is not plain. */
  epoch?(ofSeed: readonly Median[]): number
}

const lastOverFirst: Kind = {
  compared: 'last / step 0',
  words: 'at the last snapshot over that at step 0',
  effect: (ofSeed) => logRatio(ofSeed, last(ofSeed), first(ofSeed)),
}
const leastOverFirst: Kind = {
  compared: 'least / step 0',
  words: 'at its least over that at step 0',
  effect: (ofSeed) => logRatio(ofSeed, least(ofSeed), first(ofSeed)),
  epoch: (ofSeed) => epochOf(ofSeed, least(ofSeed)),
}
const peakOverFirst: Kind = {
  compared: 'peak / step 0',
  words: 'at its greatest over that at step 0',
  effect: (ofSeed) => logRatio(ofSeed, peak(ofSeed), first(ofSeed)),
  epoch: (ofSeed) => epochOf(ofSeed, peak(ofSeed)),
}
const lastOverPeak: Kind = {
  compared: 'last / peak',
  words: 'at the last snapshot over its greatest',
  effect: (ofSeed) => logRatio(ofSeed, last(ofSeed), peak(ofSeed)),
}

const last = (ofSeed: readonly Median[]) => ofSeed.at(-1)!.median
const least = (ofSeed: readonly Median[]) => Math.min(...ofSeed.map((one) => one.median))
const peak = (ofSeed: readonly Median[]) => Math.max(...ofSeed.map((one) => one.median))
const epochOf = (ofSeed: readonly Median[], median: number) =>
  ofSeed.find((one) => one.median === median)!.epoch
/** A run that was measured from a later step on has no beginning to compare with. */
const first = (ofSeed: readonly Median[]) =>
  ofSeed[0]!.step === 0 ? ofSeed[0]!.median : Number.NaN

function logRatio(ofSeed: readonly Median[], above: number, below: number): SeedEffect {
  const effect = Math.log(above / below)
  return {seed: ofSeed[0]!.seed, effect: Number.isFinite(effect) ? effect : null}
}

function sentence(finding: Omit<Finding, 'sentence'>, {words}: Kind): string {
  const {run, group, norm, scale, mean, seeds, verdict} = finding
  const size =
    `median ${norm} distance of ${group} points ${words}: ${effectText(scale, mean)} ` +
    `(95 % interval over ${seeds.length} seeds ${intervalText(finding)})`
  const moved = {
    reproduced: 'boundaries moved away from the training points',
    reversed: 'boundaries moved towards the training points',
    undecided: 'the seeds do not decide whether boundaries moved away from the training points',
  }
  return verdict ? `${run}: ${moved[verdict]}; ${size}.` : `${run}: ${size}.`
}

import {partition} from '../partition.js'
import {compare, type SeedEffect} from './compare.js'
import {effectText, type Finding, intervalText} from './finding.js'
import type {Median} from './medians.js'

/**
 * Finding B, spheres around training points tend to contain more regions than spheres around
 * arbitrary points: for each seed the median log2 bound of the training points minus that of another
 * group, at one radius and moment. It compares upper bounds: counts may stand otherwise. Points that
 * are not arbitrary (of the test set, adversarial ones) are compared without a verdict.
 *
 * @param medians median bounds of one experiment by one method
 * @param groups names of the other groups, in their order
 * @param rules radius rules, in the order of their radii
 */
export function moreRegionsAroundTrainingPoints(
  medians: readonly Median[],
  groups: readonly string[],
  rules: readonly string[],
): readonly Finding[] {
  return groups.flatMap((group) =>
    rules.flatMap((rule) => {
      const ofRule = medians.filter((median) => median.rule === rule)
      const bySeed = partition(ofRule, (median) => median.seed)
      return moments.flatMap((moment) => {
        const seeds = bySeed.map((ofSeed) => difference(ofSeed, group, moment))
        if (seeds.every(({effect}) => effect === null)) return []
        const {name: run, method} = ofRule[0]!
        const {verdict, ...comparison} = compare(seeds)
        const finding = {
          finding: 'B',
          run,
          subject: `median upper bound (${method}), train minus ${group}`,
          compared: `r = ${rule}, ${moment.compared}`,
          scale: 'bits',
          group,
          method,
          radiusRule: rule,
          ...comparison,
          verdict: special.includes(group) ? null : verdict,
        } as const
        return [{...finding, sentence: sentence(finding, moment)}]
      })
    }),
  )
}

/** Groups that are no arbitrary points, so that they say nothing of the finding. */
const special = ['test', 'adversarial', 'trigger']

interface MomentOf {
  readonly compared: string
  readonly words: string
  at(ofSeed: readonly Median[]): number
}

const moments: readonly MomentOf[] = [
  {compared: 'step 0', words: 'at step 0', at: () => 0},
  {
    compared: 'last',
    words: 'at the last snapshot',
    at: (ofSeed) => Math.max(...ofSeed.map((median) => median.step)),
  },
]

function difference(ofSeed: readonly Median[], group: string, moment: MomentOf): SeedEffect {
  const step = moment.at(ofSeed)
  const of = (name: string) =>
    ofSeed.find((median) => median.step === step && median.group === name)?.median ?? Number.NaN
  const effect = of('train') - of(group)
  return {seed: ofSeed[0]!.seed, effect: Number.isFinite(effect) ? effect : null}
}

function sentence(finding: Omit<Finding, 'sentence'>, {words}: MomentOf): string {
  const {run, group, method, radiusRule, scale, mean, seeds, verdict} = finding
  const more = {
    reproduced: `a greater upper bound around training points than around ${group} points`,
    reversed: `a smaller upper bound around training points than around ${group} points`,
    undecided: `no decided difference between the upper bounds around training and ${group} points`,
  }
  const said = verdict ? more[verdict] : `upper bounds around training and ${group} points`
  return (
    `${run}: ${said}, ${words}, radius ${radiusRule}, method ${method}: ` +
    `${effectText(scale, mean)} bits (95 % interval over ${seeds.length} seeds ` +
    `${intervalText(finding)}); this compares upper bounds, not counts.`
  )
}

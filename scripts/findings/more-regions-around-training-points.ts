import {atSharedSteps} from '../figures/pool.js'
import {partition} from '../partition.js'
import {type Comparison, compare, type SeedEffect} from './compare.js'
import {effectText, type Finding, intervalText} from './finding.js'
import type {Median} from './medians.js'

/** Finding B over training: one network, another group of points, one radius. */
export interface Course {
  /** Name of the runs. */
  readonly run: string
  /** The group that training points are compared with. */
  readonly group: string
  /** Whether they are arbitrary points, of which the finding speaks. */
  readonly arbitrary: boolean
  readonly method: string
  readonly radiusRule: string
  /** The difference of the medians in bits, at each step that every seed has. */
  readonly moments: readonly (Comparison & {readonly step: number; readonly epoch: number})[]
}

/** Groups that are no arbitrary points, so that they say nothing of the finding. */
const special = ['test', 'adversarial', 'trigger']

/** Those of some groups that are arbitrary points. */
export const arbitraryGroups = (groups: readonly string[]) =>
  groups.filter((group) => !special.includes(group))

/**
 * Finding B, spheres around training points tend to contain more regions than spheres around
 * arbitrary points: for each seed the median log2 bound of the training points minus that of another
 * group, at one radius, at each moment. It compares upper bounds: counts may stand otherwise.
 *
 * @param medians median bounds of one experiment by one method
 * @param groups names of the other groups, in their order
 * @param rules radius rules, in the order of their radii
 */
export function regionsOverTraining(
  medians: readonly Median[],
  groups: readonly string[],
  rules: readonly string[],
): readonly Course[] {
  return groups.flatMap((group) =>
    rules.flatMap((radiusRule) => {
      const ofRule = medians.filter((median) => median.rule === radiusRule)
      const both = ofRule.filter((median) => median.group === 'train' || median.group === group)
      const moments = atSharedSteps(both).steps.flatMap((atStep) => {
        const seeds = partition(atStep, (median) => median.seed).map((of) => difference(of, group))
        const {step, epoch} = atStep[0]!
        const isNone = seeds.every(({effect}) => effect === null)
        return isNone ? [] : [{step, epoch, ...compare(seeds)}]
      })
      if (moments.length === 0) return []
      const {name: run, method} = ofRule[0]!
      return [{run, group, arbitrary: !special.includes(group), method, radiusRule, moments}]
    }),
  )
}

/**
 * What finding B says at the first and at the last of the moments. Points that are not arbitrary (of the
 * test set, adversarial ones) are compared without a verdict.
 */
export function moreRegionsAroundTrainingPoints({moments, ...course}: Course): readonly Finding[] {
  const {run, group, arbitrary, method, radiusRule} = course
  const places = [
    {at: moments.find(({step}) => step === 0), compared: 'step 0', words: 'at step 0'},
    {at: moments.at(-1), compared: 'last', words: 'at the last snapshot'},
  ]
  return places.flatMap(({at, compared, words}) => {
    if (!at) return []
    const {step: _, epoch: __, verdict, ...comparison} = at
    const finding = {
      finding: 'B',
      run,
      subject: `median upper bound (${method}), train minus ${group}`,
      compared: `r = ${radiusRule}, ${compared}`,
      scale: 'bits',
      group,
      method,
      radiusRule,
      ...comparison,
      verdict: arbitrary ? verdict : null,
    } as const
    return [{...finding, sentence: sentence(finding, words)}]
  })
}

function difference(atStep: readonly Median[], group: string): SeedEffect {
  const of = (name: string) => atStep.find((median) => median.group === name)?.median ?? Number.NaN
  const effect = of('train') - of(group)
  return {seed: atStep[0]!.seed, effect: Number.isFinite(effect) ? effect : null}
}

function sentence(finding: Omit<Finding, 'sentence'>, when: string): string {
  const {run, group, method, radiusRule, scale, mean, seeds, verdict} = finding
  const more = {
    reproduced: `a greater upper bound around training points than around ${group} points`,
    reversed: `a smaller upper bound around training points than around ${group} points`,
    undecided: `no decided difference between the upper bounds around training and ${group} points`,
  }
  const said = verdict ? more[verdict] : `upper bounds around training and ${group} points`
  return (
    `${run}: ${said}, ${when}, radius ${radiusRule}, method ${method}: ` +
    `${effectText(scale, mean)} bits (95 % interval over ${seeds.length} seeds ` +
    `${intervalText(finding)}); this compares upper bounds, not counts.`
  )
}

import {partition} from '../partition.js'
import type {Verdict} from './compare.js'
import {effectText, type Finding, intervalText} from './finding.js'
import type {Findings} from './index.js'
import type {Course} from './more-regions-around-training-points.js'

/** A table as rows of text. */
export interface Grid {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** One sign a snapshot: what finding B comes to there. */
const signs: Readonly<Record<Verdict, string>> = {reproduced: '+', reversed: '-', undecided: '.'}

/**
 * Both findings over all networks, a row for each: how far boundaries went from the training points and
 * back, and the verdict on the number of regions at each snapshot.
 *
 * @example
 * const [moved, regions] = findingsGrid(await findingsOf(log))
 */
export function findingsGrid({findings, courses}: Findings): readonly Grid[] {
  const ofTraining = findings.filter(({finding, group}) => finding === 'A' && group === 'train')
  const arbitrary = courses.filter((course) => course.arbitrary)
  const groups = [...new Set(arbitrary.map(({group}) => group))]
  return [
    {
      title:
        'A: median distance of training points to the nearest boundary; in brackets when it was so, in ' +
        'epochs of each seed',
      head: [
        ...['network', 'last / step 0', '95 % interval', 'each seed', 'verdict'],
        ...['least / step 0', 'peak / step 0', 'last / peak'],
      ],
      rows: partition(ofTraining.sort(byNetwork), ({run}) => run).map(distanceRow),
    },
    {
      title:
        'B: median log2 bound, training minus other points, at step 0 and at the last snapshot, and at each ' +
        'snapshot whether training points have the greater bound (+ reproduced, - reversed, . undecided)',
      head: ['network', 'radius', ...groups],
      rows: partition(
        arbitrary.sort(byNetwork),
        ({run, radiusRule}) => `${run}\n${radiusRule}`,
      ).map((together) => [
        together[0]!.run,
        together[0]!.radiusRule,
        ...groups.map((group) => courseText(together.find((course) => course.group === group))),
      ]),
    },
  ].filter(({rows}) => rows.length > 0)
}

/** `mlp-32x1` before `mlp-128x1`. The sort is stable, so that what belongs to one network stays in order. */
const byNetwork = (a: {readonly run: string}, b: {readonly run: string}) =>
  numeric.compare(a.run, b.run)
const numeric = new Intl.Collator('en', {numeric: true})

function distanceRow(ofNetwork: readonly Finding[]): readonly string[] {
  const row = (compared: string) =>
    ofNetwork.find((finding) => finding.compared === `train, ${compared}`)
  const effect = (compared: string) => {
    const finding = row(compared)
    if (!finding) return ''
    const epochs = finding.epochs?.map((epoch) => Number(epoch.toFixed(2))).join(' ')
    return effectText(finding.scale, finding.mean) + (epochs ? ` (${epochs})` : '')
  }
  const moved = row('last / step 0')
  return [
    ofNetwork[0]!.run,
    effect('last / step 0'),
    moved ? intervalText(moved) : '',
    moved ? moved.seeds.map((one) => effectText(moved.scale, one.effect)).join(' ') : '',
    moved?.verdict ?? '',
    effect('least / step 0'),
    effect('peak / step 0'),
    effect('last / peak'),
  ]
}

/** `+39.33 to -47.67 ++..----` */
export function courseText(course: Course | undefined): string {
  if (!course) return ''
  const {moments} = course
  const bits = [moments[0]!, moments.at(-1)!].map(({mean}) => effectText('bits', mean))
  return `${bits.join(' to ')} ${moments.map(({verdict}) => signs[verdict]).join('')}`
}

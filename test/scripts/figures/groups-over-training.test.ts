import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {TopLevelSpec} from 'vega-lite'
import {NothingToDrawError} from '../../../scripts/figures/figure.js'
import {drawFigure} from '../../../scripts/figures/index.js'
import {render} from '../../../scripts/figures/render.js'
import type {Log} from '../../../storage/log.js'
import {rejects} from '../../support/rejects.js'
import {attackedLog, attacks, emptyLog, syntheticLog, syntheticRun} from './synthetic-log.js'

const test = suite('groups')
const small = {steps: [0, 1, 63, 126], points: 5}
const open: Log[] = []
const opened = async (log: Promise<Log>): Promise<Log> => {
  open.push(await log)
  return await log
}

test.after(async () => {
  for (const log of open) await log.close()
})

interface Titled {
  readonly title: {readonly text: string; readonly subtitle?: readonly string[]}
}

interface Stacked extends Titled {
  readonly vconcat: readonly (Titled & {readonly concat: readonly Titled[]})[]
  readonly datasets: Readonly<
    Record<string, {panel: string; group: string; step: number; median: number}[]>
  >
}

const draw = async (log: Log, options = {}) =>
  (await drawFigure(log, 'groups', options)) as unknown as Stacked
const said = ({title}: Titled) => `${title.text}: ${(title.subtitle ?? []).join(' ')}`

test('distance and one bound, each with every group against the training points', async () => {
  const figure = await draw(await opened(attackedLog(small)))
  assert.is(figure.vconcat.length, 2)
  const [distance, bound] = figure.vconcat as [
    (typeof figure.vconcat)[0],
    (typeof figure.vconcat)[0],
  ]
  assert.match(said(distance), 'Distance to the nearest region boundary: Exact, in l2.')
  assert.match(said(bound), 'in the l2 ball of radius 0.0315: The radius is median-pair*0.003.')
  assert.match(
    said(bound),
    'An upper bound (log2), not a count, by the method "combined", counted by "product".',
  )
  for (const {concat} of figure.vconcat)
    assert.equal(
      concat.map(({title}) => title.text),
      ['train and uniform points', 'train and adversarial points', 'train and trigger points'],
    )
  assert.match(said(figure), '3 seeds together (5 of each group, seed and snapshot)')
})

test('the medians of both quantities are those of the log, each under its own name', async () => {
  const log = await opened(emptyLog())
  const distance = (group: string, step: number) => (group === 'trigger' ? 2 : 1) + step
  const bound = (group: string, step: number, radius: number) =>
    (group === 'trigger' ? 20 : 10) + step + 1000 * radius
  const groups = ['train', 'trigger']
  await syntheticRun(log, {groups, steps: [0, 63], points: 3, spread: 0, distance, bound})
  const figure = await draw(log, {radii: ['median-pair*0.001', 'median-pair*0.01']})
  const lines = (place: number) =>
    figure.datasets[`lines-${place}`]!.map(({group, step, median}) => [group, step, median])
  assert.equal(lines(1), [
    ['train', 0, 1],
    ['train', 63, 64],
    ['trigger', 0, 2],
    ['trigger', 63, 65],
  ])
  assert.equal(
    lines(2).map(([, , median]) => median),
    [20.5, 83.5, 30.5, 93.5],
  )
  assert.equal(
    lines(3).map(([, , median]) => median),
    [115, 178, 125, 188],
  )
  assert.ok((await render(figure as unknown as TopLevelSpec, 'png')).length > 1000)
})

test('how points were made is said where the log has it', async () => {
  const made = async (...environments: object[]) => {
    const log = await opened(emptyLog())
    for (const [seed, environment] of environments.entries())
      await syntheticRun(log, {
        groups: ['train', 'adversarial', 'trigger'],
        ...small,
        seed,
        environment,
      })
    return said(await draw(log))
  }
  const both = await made({groups: attacks})
  assert.match(
    both,
    'Adversarial points: training points moved uphill on the loss in 10 steps within the l2 radius ' +
      '0.576 (median-pair*0.05).',
  )
  assert.match(
    both,
    'Trigger points: training points with 4 x 4 pixels at the bottom right set to 1.',
  )
  const nearest = {adversarial: {radiusRule: 'nearest*0.5', steps: 3}}
  assert.match(await made({groups: nearest}), 'in 3 steps within the l2 radius nearest*0.5.')
  const plain = {adversarial: {radiusRule: '0.5', radius: 0.5, steps: 3}}
  const different = await made({groups: nearest}, {groups: plain}, {groups: plain})
  assert.match(different, 'radius nearest*0.5; or training points moved')
  assert.match(different, 'within the l2 radius 0.5.')
  assert.not.match(await made({}), 'Adversarial points')
})

test('other groups, methods and radii can be asked for', async () => {
  const log = await opened(attackedLog({...small, groups: ['train', 'gaussian', 'trigger']}))
  const usual = await draw(log)
  assert.equal(
    usual.vconcat[0]!.concat.map(({title}) => title?.text),
    [undefined],
  )
  assert.match(said(usual), 'Trigger points')
  assert.not.match(said(usual), 'Adversarial points')
  const figure = await draw(log, {
    groups: ['train', 'gaussian', 'trigger'],
    method: 'spectral',
    radii: ['median-pair*0.01'],
  })
  assert.is(figure.vconcat[0]!.concat.length, 2)
  assert.match(said(figure.vconcat[1]!), 'radius 0.105')
  assert.match(said(figure.vconcat[1]!), '"spectral"')
  await rejects(draw(log, {groups: ['test']}), 'group: expected one of train, gaussian, trigger')
  await rejects(draw(log, {radii: ['1']}), 'radius: expected one of')
})

test('what cannot be drawn is said under the quantity', async () => {
  const infinite = (group: string, step: number) => (group === 'trigger' && step === 1 ? 1 : 0)
  const figure = await draw(await opened(attackedLog({...small, infinite})))
  assert.match(said(figure.vconcat[0]!), '15 of 240 distances are infinite')
  assert.match(said(figure.vconcat[0]!), 'Not drawn because they are infinite or 0')
  assert.not.match(said(figure.vconcat[1]!), 'infinite')
})

test('runs of two names have panels of their own', async () => {
  const log = await opened(attackedLog(small))
  await syntheticRun(log, {name: 'other', groups: ['train', 'adversarial'], ...small})
  const figure = await draw(log, {runs: ['mlp-128x3', 'other']})
  assert.equal(
    figure.vconcat[0]!.concat.map(({title}) => `${title.text}, ${title.subtitle}`),
    [
      'train and uniform points, mlp-128x3',
      'train and adversarial points, mlp-128x3',
      'train and trigger points, mlp-128x3',
      'train and adversarial points, other',
    ],
  )
  assert.ok((await render(figure as unknown as TopLevelSpec, 'svg')).length > 1000)
})

test('a log without adversarial and trigger points has no such figure, unless asked for others', async () => {
  const log = await opened(syntheticLog(small))
  const error = await rejects(draw(log), 'figure: groups needs adversarial or trigger points')
  assert.instance(error, NothingToDrawError)
  assert.is((await draw(log, {groups: ['train', 'uniform']})).vconcat.length, 2)
})

test.run()

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {TopLevelSpec} from 'vega-lite'
import {NothingToDrawError} from '../../../scripts/figures/figure.js'
import {figures as all, drawFigure, figureNamed} from '../../../scripts/figures/index.js'
import {render, sizeOf} from '../../../scripts/figures/render.js'
import type {Log} from '../../../storage/log.js'
import {rejects} from '../../support/rejects.js'
import {matchesSnapshot} from './snapshot.js'
import {attackedLog, emptyLog, syntheticLog, syntheticRun} from './synthetic-log.js'

const test = suite('figures')
/** Those that are drawn from a log alone; slices have networks too, and a test of their own. */
const figures = all.filter(({name}) => name !== 'slice')
const small = {steps: [0, 1, 4, 63, 126], points: 7}
/** What a figure asks for that shows other groups than the two of a synthetic log. */
const asking = (name: string) => (name === 'groups' ? {groups: ['train', 'uniform']} : {})
const open: Log[] = []
const opened = async (log: Promise<Log>): Promise<Log> => {
  open.push(await log)
  return await log
}

test.after(async () => {
  for (const log of open) await log.close()
})

const captionOf = (spec: TopLevelSpec) => (spec.title as {subtitle: string[]}).subtitle.join(' ')
const panelsOf = (spec: TopLevelSpec) =>
  (spec as {concat: {title?: {text: string; subtitle?: string[]}}[]}).concat
const datasetsOf = (spec: TopLevelSpec) =>
  (spec as unknown as {datasets: Record<string, {group: string; step: number; median: number}[]>})
    .datasets
/** Radii and medians at step 0 of one side of a quantity. */
const ballsOf = (spec: TopLevelSpec) => {
  const {values} = (spec as unknown as {data: {values: Record<string, string | number>[]}}).data
  return (quantity: string, side: string, group: string) =>
    values
      .filter((row) => row.quantity === quantity && row.side === side)
      .filter((row) => row.group === group && row.step === 0)
      .map(({radius, median}) => [radius, median] as [number, number])
}
const words = (svg: Buffer) =>
  [...svg.toString().matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map((match) => match[1])

test('each figure has the spec that was looked at when it was committed', async () => {
  const log = await opened(syntheticLog(small))
  const ofGroups = await opened(attackedLog(small))
  for (const {name} of figures) {
    const spec = await drawFigure(name === 'groups' ? ofGroups : log, name)
    matchesSnapshot(`${name}.vl.json`, String(await render(spec, 'json')))
  }
})

test('each figure says its title, axes and groups as text', async () => {
  const log = await opened(syntheticLog(small))
  const expected: Record<string, readonly string[]> = {
    'distance-over-training': ['train points', 'uniform points', 'Optimiser steps', 'epoch 1'],
    'bound-over-training': ['radius 0.105', 'median-pair*0.01', 'Upper bound (log2 regions)'],
    'bound-against-radius': ['before the first batch', 'Radius (input units)', 'uniform points'],
    'regions-difference': ['radius median-pair*0.01', 'Difference (bits)', 'uniform points'],
    distributions: ['before the first batch', 'l2 distance (input units)', 'after epoch 2'],
    'final-distance': ['Hidden layers', 'Units in each hidden layer', '128'],
    'distance-by-layer': ['layer 0', 'layer 2', 'train points', '100%', 'Share of points'],
    groups: ['train points', 'Distance to the nearest region boundary', 'epoch 1'],
    training: ['Loss', 'Accuracy', 'training, one batch', 'validation', 'Median l2 distance'].map(
      (word) => (word.startsWith('Median') ? `${word} (input units)` : word),
    ),
  }
  assert.equal(Object.keys(expected).sort(), figures.map((figure) => figure.name).sort())
  for (const {name} of figures) {
    const spec = await drawFigure(log, name, asking(name))
    const text = words(await render(spec, 'svg'))
    for (const word of expected[name]!) assert.ok(text.includes(word), `${name}: ${word}`)
    assert.ok(text.includes((spec.title as {text: string}).text))
  }
})

test('a bound is called an upper bound, with its method, radius, points and seeds', async () => {
  const log = await opened(syntheticLog(small))
  const spec = await drawFigure(log, 'bound-over-training', {
    method: 'spectral',
    radii: ['median-pair*0.003'],
  })
  assert.match((spec.title as {text: string}).text, 'Upper bound')
  assert.match(captionOf(spec), 'An upper bound (log2), not a count')
  assert.match(captionOf(spec), 'method "spectral"')
  assert.match(captionOf(spec), '3 seeds together (7 of each group, seed and snapshot)')
  assert.is(panelsOf(spec).length, 1)
})

test('groups can be chosen, and keep their colour', async () => {
  const log = await opened(syntheticLog({...small, groups: ['train', 'uniform', 'gaussian']}))
  const all = String(await render(await drawFigure(log, 'distance-over-training'), 'json'))
  const spec = await drawFigure(log, 'distance-over-training', {groups: ['gaussian']})
  assert.equal([...new Set(datasetsOf(spec).lines!.map((row) => row.group))], ['gaussian'])
  const one = String(await render(spec, 'json'))
  assert.ok(all.includes('#009e73') && one.includes('#009e73'))
  assert.not(one.includes('#0072b2'))
})

test('more than two groups meet the training points in panels of their own', async () => {
  const log = await opened(syntheticLog({...small, groups: ['train', 'uniform', 'gaussian']}))
  const distance = await drawFigure(log, 'distance-over-training')
  assert.equal(
    panelsOf(distance).map((panel) => panel.title!.text),
    ['train against uniform points', 'train against gaussian points'],
  )
  assert.is(panelsOf(await drawFigure(log, 'bound-over-training')).length, 6)
  assert.ok((await render(distance, 'png')).length > 1000)
})

test('the median that is drawn is the nearest rank over the points of all seeds', async () => {
  const log = await opened(emptyLog())
  // Medians of the seeds 1, 2 and 6; of all 9 points together the fifth, which is 2.
  for (const [place, value] of [1, 2, 6].entries()) {
    const distance = () => value
    await syntheticRun(log, {seed: place, steps: [0, 63], points: 3, spread: 0, distance})
  }
  const spec = await drawFigure(log, 'distance-over-training', {groups: ['train']})
  assert.equal(
    datasetsOf(spec).lines!.map(({step, median}) => [step, median]),
    [
      [0, 2],
      [63, 2],
    ],
  )
  assert.equal(new Set(datasetsOf(spec).medians!.map((row) => row.median)), new Set([1, 2, 6]))
})

test('infinite distances break lines and bands and are counted in the caption', async () => {
  const infinite = (group: string, step: number) =>
    group === 'train' || step === 0 ? 0 : step === 4 ? 0.9 : 0.3
  const log = await opened(syntheticLog({...small, points: 10, infinite}))
  const spec = await drawFigure(log, 'distance-over-training')
  // Of 10 points at 4 later steps: 3, 9, 3, 3 infinite, in 3 seeds; of 2 groups x 5 steps 300 in all.
  assert.match(captionOf(spec), '54 of 300 distances are infinite and count as the largest')
  assert.match(captionOf(spec), 'an edge of the band at 4 of 10 places, the median at 1')
  const {lines} = datasetsOf(spec) as unknown as {lines: {group: string; stretch: number}[]}
  const uniform = lines.filter((row) => row.group === 'uniform')
  assert.equal(
    uniform.map((row) => row.stretch),
    [0, 0, 1, 1],
  )
  assert.ok((await render(spec, 'png')).length > 1000)
  const layers = await drawFigure(log, 'distance-by-layer')
  assert.match(captionOf(layers), 'Left out: 54 of 300 points, which no boundary reaches')
  assert.ok((await render(layers, 'svg')).length > 1000)
})

test('one seed, which has no interval, can be drawn', async () => {
  const log = await opened(emptyLog())
  await syntheticRun(log, small)
  for (const {name} of figures)
    assert.ok((await render(await drawFigure(log, name, asking(name)), 'svg')).length > 1000, name)
})

test('one run, one snapshot and one group can be drawn', async () => {
  const log = await opened(emptyLog())
  await syntheticRun(log, {steps: [0], groups: ['train'], points: 1})
  for (const name of ['distance-over-training', 'bound-over-training', 'distance-by-layer']) {
    const spec = await drawFigure(log, name)
    assert.ok((await render(spec, 'png')).length > 1000, name)
  }
  await rejects(drawFigure(log, 'training'), 'training needs a loss or metrics')
})

test('a saved model that was measured is not said to be before its first batch', async () => {
  const log = await opened(emptyLog())
  await syntheticRun(log, {steps: [0], points: 7})
  const spec = await drawFigure(log, 'bound-against-radius')
  assert.equal(
    panelsOf(spec).map(({title}) => title!.text),
    ['step 0'],
  )
})

test('a panel names only groups that its runs hold', async () => {
  const log = await opened(emptyLog())
  await syntheticRun(log, {...small, name: 'both'})
  await syntheticRun(log, {...small, name: 'one', groups: ['uniform']})
  for (const figure of ['distance-over-training', 'bound-over-training']) {
    const panels = panelsOf(await drawFigure(log, figure, {radii: ['median-pair*0.01']}))
    const said = panels.map(({title}) => [title!.text, title!.subtitle].flat().join(', '))
    assert.is(said.filter((words) => words.includes('one')).length, 1, `${said}`)
    assert.not.match(said.find((words) => words.includes('one'))!, 'train')
  }
})

test('captions say what one seed and one group can', async () => {
  const log = await opened(emptyLog())
  await syntheticRun(log, small)
  const caption = captionOf(await drawFigure(log, 'regions-difference'))
  assert.match(caption, '1 seed, too few for an interval.')
  assert.not.match(caption, 'Filled')
})

test('differences of 0 alone have an axis with 0 on it', async () => {
  const log = await opened(emptyLog())
  await syntheticRun(log, {...small, bound: () => 3, spread: 0})
  const [panel] = panelsOf(await drawFigure(log, 'regions-difference'))
  assert.match(JSON.stringify(panel), '"values":[-1,0,1]')
})

test('runs of several names have a panel each, and the steps they do not share are said', async () => {
  const log = await opened(syntheticLog(small))
  await syntheticRun(log, {name: 'other', seed: 1, steps: [0, 4, 8], points: 7})
  await syntheticRun(log, {name: 'other', seed: 2, steps: [0, 8, 16], points: 7})
  for (const {name} of figures) {
    const spec = await drawFigure(log, name, asking(name))
    assert.ok((await render(spec, 'svg')).length > 1000, name)
  }
  const spec = await drawFigure(log, 'distance-over-training')
  assert.equal(
    panelsOf(spec).map((panel) => panel.title!.subtitle),
    [['mlp-128x3'], ['other']],
  )
  // Step 4 of seed 1 and step 16 of seed 2, in two groups.
  assert.match(captionOf(spec), 'Not pooled: 4 snapshots at steps that other seeds lack')
})

test('what is not there is named with what is', async () => {
  const log = await opened(syntheticLog(small))
  const draw = (options: object, name = 'bound-over-training') => drawFigure(log, name, options)
  await rejects(
    draw({}, 'distances'),
    'figure: expected one of distance-over-training, bound-over-training, bound-against-radius, ' +
      'regions-difference, distance-by-layer, distributions, final-distance, groups, training, slice, ' +
      'got "distances"',
  )
  await rejects(draw({groups: ['test']}), 'group: expected one of train, uniform, which')
  await rejects(draw({method: 'crown'}), 'method: expected one of combined, spectral, which')
  await rejects(
    draw({radii: ['0.1']}),
    'radius: expected one of median-pair*0.001, median-pair*0.003, median-pair*0.01, which',
  )
  await rejects(
    draw({norm: 'linf'}, 'distance-over-training'),
    'norm: expected one of l2, which the chosen runs hold, got "linf"',
  )
  await rejects(draw({runs: ['cnn']}), '(names: mlp-128x3), got "cnn"')
  assert.throws(() => figureNamed(''), 'expected one of')
})

test('of many networks one is shown, and all where they are named', async () => {
  const log = await opened(syntheticLog({...small, name: 'mlp-8x2'}))
  for (const name of ['mlp-4x1', 'mlp-8x2-sgd', 'mlp-8x2-decay', 'mlp-8x4', 'mlp-9x1', 'cnn'])
    await syntheticRun(log, {...small, name, points: 3})
  const spec = await drawFigure(log, 'distance-over-training')
  assert.is(panelsOf(spec).length, 1)
  assert.match(captionOf(spec), 'Shown: mlp-8x2, one of 7 networks; --run names others.')
  const runs = ['mlp-4x1', 'mlp-8x2', 'mlp-8x2-sgd', 'mlp-8x2-decay', 'mlp-8x4', 'mlp-9x1', 'cnn']
  assert.is(panelsOf(await drawFigure(log, 'distance-over-training', {runs})).length, 7)
})

test('a log like that of reproduce gives figures that fit a page, and say what they leave out', async () => {
  const log = await opened(emptyLog())
  const groups = ['train', 'test', 'uniform', 'gaussian', 'shuffled', 'adversarial']
  const names = ['mlp-4x1', 'mlp-4x2', 'mlp-8x1', 'mlp-8x2', 'mlp-8x2-sgd']
  const of = {steps: [0, 4, 63], points: 2, groups, witnessed: () => 3}
  for (const name of names) for (const seed of [1, 2]) await syntheticRun(log, {...of, name, seed})
  for (const figure of figures) {
    const spec = await drawFigure(log, figure.name)
    const {height} = sizeOf(String(await render(spec, 'svg')))
    assert.ok(height < 1060, `${figure.name}: ${height} CSS pixels`)
    if (!figure.manyNetworks)
      assert.match(captionOf(spec), 'Shown: mlp-8x2, one of 5 networks; --run names others.')
  }
  const spec = await drawFigure(log, 'bound-over-training')
  assert.is(panelsOf(spec).length, 9)
  assert.match(captionOf(spec), 'Not shown: the groups test, adversarial; --group names others.')
  const asked = await drawFigure(log, 'bound-over-training', {runs: ['mlp-8x2'], groups})
  assert.is(panelsOf(asked).length, 15)
  assert.is(panelsOf(await drawFigure(log, 'distributions', {runs: names})).length, 15)
})

test('networks whose panels fit a page are all shown', async () => {
  const log = await opened(emptyLog())
  const names = ['a', 'b', 'c', 'd', 'e']
  for (const name of names) await syntheticRun(log, {...small, name})
  const spec = await drawFigure(log, 'distance-over-training')
  assert.equal(
    panelsOf(spec).map(({title}) => title!.subtitle),
    names.map((name) => [name]),
  )
  assert.not.match(captionOf(spec), '--run')
})

test('the heat map has the geometric mean over seeds of each depth and width', async () => {
  const log = await opened(emptyLog())
  // Seeds 1 and 4: 1 at step 0, then 1 and 4 times the depth; geometric mean 2 x depth.
  for (const depth of [1, 2]) {
    for (const seed of [1, 4]) {
      const distance = (_: string, step: number) => (step === 0 ? 0.5 : depth * seed)
      const shape = {depth, width: 16}
      const run = {name: `mlp-16x${depth}`, seed, shape, distance, steps: [0, 9], spread: 0}
      await syntheticRun(log, run)
    }
  }
  await syntheticRun(log, {name: 'mlp-16x2-sgd', shape: {depth: 2, width: 16}, steps: [0, 9]})
  const spec = await drawFigure(log, 'final-distance')
  const {values} = (spec as {data: {values: Record<string, number>[]}}).data
  const cells = values.map(({depth, width, last, ratio}) =>
    [depth!, width!, last!, ratio!].map((value) => Number(value.toFixed(9))),
  )
  assert.equal(cells, [
    [1, 16, 2, 4],
    [2, 16, 4, 8],
  ])
  assert.match(captionOf(spec), 'geometric mean over 2 seeds.')
  assert.match(captionOf(spec), 'Left out, of the shape of mlp-16x2: mlp-16x2-sgd.')
})

test('the heat map names networks without a boundary, and has no ratio without a step 0', async () => {
  const log = await opened(emptyLog())
  const distances = {'mlp-16x1': 1, 'mlp-16x2': Number.POSITIVE_INFINITY}
  for (const [depth, name] of Object.keys(distances).entries()) {
    const distance = () => distances[name as keyof typeof distances]
    await syntheticRun(log, {name, shape: {depth: depth + 1, width: 16}, distance, steps: [9]})
  }
  const spec = await drawFigure(log, 'final-distance')
  assert.match(captionOf(spec), 'Infinite or 0 at the last snapshot: mlp-16x2.')
  assert.equal(
    panelsOf(spec).map(({title}) => title!.text),
    ['At the last snapshot (input units)'],
  )
  const none = drawFigure(log, 'final-distance', {runs: ['mlp-16x2']})
  await rejects(none, 'distances that are neither infinite nor 0')
})

test('figures of the findings leave out a seed that diverged, and say so', async () => {
  const log = await opened(emptyLog())
  for (const seed of [1, 2, 3])
    await syntheticRun(log, {...small, seed, failed: (step) => seed === 3 && step > 0})
  for (const name of ['final-distance', 'regions-difference'])
    assert.match(
      captionOf(await drawFigure(log, name)),
      'mlp-128x3, seed 3 (measured up to step 0 of 126: 4 later snapshots failed)',
    )
  const spec = await drawFigure(log, 'regions-difference')
  const {values} = (spec as unknown as {data: {values: {step: number}[]}}).data
  assert.equal([...new Set(values.map(({step}) => step))], small.steps)
})

test('the bound against the radius has units that change on an axis of their own', async () => {
  // In each of the three layers 3 units are unstable, of which fewer are seen to change.
  const witnessed = (group: string, _: number, radius: number) =>
    Math.round(50 * radius) + (group === 'train' ? 1 : 0)
  const log = await opened(syntheticLog({...small, spread: 0, witnessed}))
  const spec = await drawFigure(log, 'bound-against-radius', {epochs: [0, 2]})
  assert.equal(
    panelsOf(spec).map(({title}) => title!.text),
    ['before the first batch', 'after epoch 2', 'before the first batch', 'after epoch 2'],
  )
  const of = ballsOf(spec)
  assert.equal(of('units', 'at least', 'train'), [
    [0.0105, 2],
    [0.0315, 3],
    [0.105, 6],
  ])
  assert.equal(
    of('units', 'at most', 'train').map(([, median]) => median),
    [9, 9, 9],
  )
  assert.equal(
    of('regions', 'at most', 'uniform').map(([, median]) => Math.round(median!)),
    [6, 19, 63],
  )
  assert.equal(of('regions', 'at least', 'uniform'), [])
  assert.match(captionOf(spec), 'dashed, at least those that are seen to')
  const text = words(await render(spec, 'svg'))
  for (const word of ['Regions (log2)', 'Units that change', 'at most', 'at least, as seen'])
    assert.ok(text.includes(word), word)
})

test('patterns that are seen stand beside the bound, which needs no legend where it is alone', async () => {
  const log = await opened(syntheticLog({...small, spread: 0, patterns: () => 2}))
  const spec = await drawFigure(log, 'bound-against-radius', {epochs: [0]})
  assert.is(panelsOf(spec).length, 1)
  assert.equal(
    ballsOf(spec)('regions', 'at least', 'train').map(([, median]) => median),
    [2, 2, 2],
  )
  assert.match(captionOf(spec), 'dashed, the activation patterns that are seen in it')
  const plain = await opened(syntheticLog(small))
  const alone = words(await render(await drawFigure(plain, 'bound-against-radius'), 'svg'))
  assert.not(alone.includes('at most'))
})

test('titles of panels side by side stand at one height', async () => {
  const log = await opened(syntheticLog({...small, witnessed: () => 3}))
  for (const name of ['distributions', 'distance-by-layer', 'bound-against-radius']) {
    const spec = await drawFigure(log, name)
    const svg = String(await render(spec, 'svg'))
    const heights = [...svg.matchAll(/role-title"><g transform="translate\([^,]*,([^)]*)\)/g)]
    // The last one is the title of the page.
    const ofPanels = heights.slice(0, -1).map(([, height]) => height)
    assert.is(ofPanels.length, panelsOf(spec).length, name)
    assert.is(new Set(ofPanels).size, 1, `${name}: ${ofPanels}`)
  }
})

test('a distribution rises to all of the points, infinite ones left out of the line', async () => {
  const infinite = (group: string) => (group === 'uniform' ? 0.5 : 0)
  const log = await opened(syntheticLog({...small, points: 4, infinite}))
  const spec = await drawFigure(log, 'distributions', {epochs: [1]})
  const {values} = (spec as unknown as {data: {values: {group: string; share: number}[]}}).data
  const shares = (group: string) => values.filter((row) => row.group === group).map((r) => r.share)
  assert.equal(
    shares('train').map((share) => Math.round(12 * share)),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  )
  assert.is(Math.max(...shares('uniform')), 0.5)
  assert.match(captionOf(spec), '6 of 24 distances are infinite')
})

test('a log without runs, and a run without snapshots, are said to be so', async () => {
  const log = await opened(emptyLog())
  await rejects(drawFigure(log, 'training'), 'holds no runs yet')
  await syntheticRun(log, {steps: []})
  for (const {name} of figures) {
    const error = await rejects(drawFigure(log, name), `figure: ${name} needs`)
    assert.instance(error, NothingToDrawError)
  }
})

test.run()

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {inOrder} from '../../../scripts/figures/groups.js'
import {wrap} from '../../../scripts/figures/page.js'
import {type Observation, pool} from '../../../scripts/figures/pool.js'
import {radiusNames} from '../../../scripts/figures/radii.js'

const test = suite('pool')

const observe = (seed: number, step: number, values: readonly number[]): Observation[] =>
  values.map((value) => ({panel: 'p', group: 'train', seed, step, value}))

test('quantiles are by nearest rank over the points of all seeds', () => {
  const {bands, medians} = pool([
    ...observe(1, 0, [5, 1, 3, 2, 4]),
    ...observe(2, 0, [6, 10, 8, 7, 9]),
  ])
  // Of 1..10 the ranks 1, 5 and 9.
  assert.equal(bands, [{panel: 'p', group: 'train', step: 0, low: 1, median: 5, high: 9}])
  assert.equal(
    medians.map(({seed, median}) => [seed, median]),
    [
      [1, 3],
      [2, 8],
    ],
  )
})

test('infinity counts as the largest', () => {
  const {bands} = pool(observe(1, 0, [1, Number.POSITIVE_INFINITY, 2]))
  assert.is(bands[0]!.median, 2)
  assert.is(bands[0]!.high, Number.POSITIVE_INFINITY)
})

test('steps that a seed lacks are not pooled, but its medians stay', () => {
  const {bands, medians, alone} = pool([
    ...observe(1, 9, [1]),
    ...observe(1, 0, [1]),
    ...observe(2, 0, [3]),
    ...observe(2, 4, [3]),
  ])
  assert.equal(
    bands.map((band) => band.step),
    [0],
  )
  assert.equal(
    medians.map(({seed, step}) => [seed, step]),
    [
      [1, 0],
      [1, 9],
      [2, 0],
      [2, 4],
    ],
  )
  assert.is(alone, 2)
})

test('one seed has no medians beside its band', () => {
  assert.equal(pool(observe(1, 0, [1, 2])).medians, [])
})

test('groups stand in one order', () => {
  assert.equal(inOrder(['mine', 'uniform', 'all', 'train']), ['train', 'uniform', 'all', 'mine'])
})

test('radii stand in their order, with their value, or their median where they differ', () => {
  const names = radiusNames([
    {rule: 'nearest*0.5', radius: 2},
    {rule: 'nearest*0.5', radius: 3},
    {rule: 'nearest*0.5', radius: 4},
    {rule: 'median-pair*0.01', radius: 0.10512},
    {rule: '0.1', radius: 0.1},
  ])
  assert.equal(names, [
    {rule: '0.1', value: '0.1'},
    {rule: 'median-pair*0.01', value: '0.105'},
    {rule: 'nearest*0.5', value: 'median 3'},
  ])
})

test('captions break at spaces alone', () => {
  assert.equal(wrap('one two three', 7), ['one two', 'three'])
  assert.equal(wrap('unbreakable words', 4), ['unbreakable', 'words'])
})

test.run()

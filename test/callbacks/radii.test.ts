import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {medianPairDistance} from '../../callbacks/median-pair.js'
import {nearestDistanceTo} from '../../callbacks/nearest.js'
import {makePoints, type Points, pointAt} from '../../callbacks/points.js'
import {prepareRadii, readRadii} from '../../callbacks/radii.js'
import {near} from '../support/near.js'
import {randomPoints, throwsWith} from './fixture.js'

const distance = (one: Float32Array, other: Float32Array) =>
  Math.hypot(...Array.from(one, (value, index) => value - other[index]!))

function allDistances(data: Points): number[] {
  const indices = Array.from({length: data.count}, (_, index) => index)
  return indices.flatMap((one) =>
    indices.slice(one + 1).map((other) => distance(pointAt(data, one), pointAt(data, other))),
  )
}

function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = sorted.length / 2
  return sorted.length % 2
    ? sorted[Math.floor(middle)]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2
}

const radii = (rules: unknown, data: Points, points = data) =>
  prepareRadii(readRadii(rules), data)(points)

const radiusOf = async (rule: string, data: Points, points = data) =>
  (await radii([rule], data, points))[0]!.radius

test('a number is the same radius everywhere, under its own text', async () => {
  const data = randomPoints(3, 2)
  assert.equal(await radii([0.1, '0.25', 3], data), [
    {rule: '0.1', radius: Float64Array.of(0.1, 0.1, 0.1)},
    {rule: '0.25', radius: Float64Array.of(0.25, 0.25, 0.25)},
    {rule: '3', radius: Float64Array.of(3, 3, 3)},
  ])
})

test('median-pair is the median over all pairs where they are few', async () => {
  for (const count of [2, 3, 10, 100]) {
    const data = randomPoints(count, 5)
    const {rule, radius} = (await radii(['median-pair * 0.01'], data))[0]!
    assert.is(rule, 'median-pair*0.01')
    near(radius, new Float64Array(count).fill(0.01 * median(allDistances(data))), {relative: 1e-9})
  }
})

test('median-pair is estimated from random pairs where they are many', () => {
  const data = randomPoints(600, 5)
  near([medianPairDistance(data)], [median(allDistances(data))], {relative: 0.02})
  assert.is(medianPairDistance(data), medianPairDistance(data))
})

test('nearest is the distance to the nearest other training point', async () => {
  const data = randomPoints(50, 70)
  const radius = await radiusOf('nearest*0.5', data)
  const expected = Array.from({length: 50}, (_, one) => {
    const others = Array.from({length: 50}, (_, other) => other).filter((other) => other !== one)
    return 0.5 * Math.min(...others.map((o) => distance(pointAt(data, one), pointAt(data, o))))
  })
  near(radius, expected, {relative: 1e-9})
})

test('nearest of a point that is no training point counts them all', async () => {
  const [data, points] = [randomPoints(50, 3), randomPoints(20, 3, 'others')]
  const radius = await radiusOf('nearest', data, points)
  const expected = Array.from({length: 20}, (_, one) => {
    const all = Array.from({length: 50}, (_, other) => other)
    return Math.min(...all.map((other) => distance(pointAt(points, one), pointAt(data, other))))
  })
  near(radius, expected, {relative: 1e-9})
})

test('nearest passes over copies of the point', async () => {
  const data = makePoints(Float32Array.of(1, 1, 1, 4, 9), [1])
  const points = makePoints(Float32Array.of(1, 9), [1])
  assert.equal(await nearestDistanceTo(data)(points), Float64Array.of(3, 5))
})

test('data in which all examples are the same give no such radius', () => {
  const data = makePoints(new Float32Array(10).fill(2), [2])
  throwsWith(() => radii(['median-pair*0.1'], data), "radii: 'median-pair' is no radius")
  throwsWith(() => radii(['nearest*0.1'], data), "radii: 'nearest' is no radius")
  const single = makePoints(new Float32Array(2), [2])
  throwsWith(() => radii(['median-pair*0.1'], single), "radii: 'median-pair' is no radius")
})

for (const [given, message] of [
  [0.1, 'radii: expected an array, got 0.1'],
  [[0], 'radii: expected a number above 0, got 0'],
  [[-0.1], 'radii: expected a number above 0, got -0.1'],
  [[Number.NaN], 'radii: expected a number above 0, got NaN'],
  [[Infinity], 'radii: expected a number above 0, got Infinity'],
  [['0'], 'radii: expected a number above 0, got 0'],
  [['median*0.1'], `radii: expected numbers above 0 or rules such as 'median-pair*0.01'`],
  [['nearest*0'], 'radii: factor of "nearest*0": expected a number above 0, got 0'],
  [['nearest*x'], 'radii: factor of "nearest*x": expected a number above 0, got NaN'],
  [['nearest*'], 'radii: factor of "nearest*": expected a number above 0'],
  [['nearest*1*2'], 'radii: expected numbers above 0 or rules'],
  [[''], 'radii: expected'],
  [[{}], 'radii: expected numbers above 0 or rules'],
  [[true], 'radii: expected numbers above 0 or rules'],
  [['toString*1'], 'radii: expected numbers above 0 or rules'],
  [[0.1, '0.10'], 'radii: "0.1" is given twice'],
  [['nearest*1', 'nearest * 1'], 'radii: "nearest*1" is given twice'],
] as [unknown, string][])
  test(`radii: ${JSON.stringify(given)} is refused`, () => {
    throwsWith(() => readRadii(given), message)
  })

test.run()

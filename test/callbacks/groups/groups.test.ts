import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {namedGroups, readGroups, type Sample} from '../../../callbacks/groups/index.js'
import {makePoints, pointAt} from '../../../callbacks/points.js'
import {randomStream} from '../../../callbacks/random.js'
import {near} from '../../support/near.js'
import {randomPoints, sampleRequest, throwsWith} from '../fixture.js'

const data = randomPoints(40, 6)
const labels = Int32Array.from({length: 40}, (_, index) => index % 7)
const sample = (name: keyof typeof namedGroups, changes = {}) => {
  const drawn = namedGroups[name].sample(sampleRequest(data, {labels, n: 20, ...changes})) as Sample
  return {...drawn, points: makePoints(drawn.points as Float32Array, [6])}
}
const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values))

test('train draws distinct training points with their labels', () => {
  const {points, originIndex, labels: drawn} = sample('train')
  assert.is(new Set(originIndex as Int32Array).size, 20)
  for (let slot = 0; slot < 20; slot++) {
    assert.equal(pointAt(points, slot), pointAt(data, originIndex![slot]!))
    assert.is(drawn![slot], originIndex![slot]! % 7)
  }
  assert.is(sample('train', {labels: null}).labels, undefined)
})

test('test draws from testData', () => {
  const testData = randomPoints(25, 6, 'test')
  const {
    points,
    originIndex,
    labels: drawn,
  } = sample('test', {
    testData,
    testLabels: labels.map((label) => label + 100),
  })
  for (let slot = 0; slot < 20; slot++) {
    assert.equal(pointAt(points, slot), pointAt(testData, originIndex![slot]!))
    assert.is(drawn![slot], 100 + (originIndex![slot]! % 7))
  }
})

test('uniform stays between the least and the greatest value of each feature, and fills it', () => {
  const {points} = sample('uniform', {n: 4000})
  for (let feature = 0; feature < 6; feature++) {
    const column = (of: typeof points) =>
      Array.from({length: of.count}, (_, index) => of.values[index * 6 + feature]!)
    const [low, high] = [Math.min(...column(data)), Math.max(...column(data))]
    const drawn = column(points)
    assert.ok(drawn.every((value) => value >= low && value <= high))
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length
    // four standard errors of the mean of a uniform variable
    assert.ok(Math.abs(mean - (low + high) / 2) < (4 * (high - low)) / Math.sqrt(12 * 4000))
    assert.ok(Math.max(...drawn) - Math.min(...drawn) > 0.99 * (high - low))
  }
})

test('uniform gives a feature that never varies its value', () => {
  const constant = makePoints(
    Float32Array.from({length: 8}, (_, i) => (i % 2 ? 0.1 : i)),
    [2],
  )
  const {points} = namedGroups.uniform.sample(sampleRequest(constant)) as Sample
  const odd = (points as Float32Array).filter((_, index) => index % 2)
  assert.ok(odd.every((value) => value === Math.fround(0.1)))
})

test('gaussian has the norms of training points and no direction of its own', () => {
  const {points, originIndex} = sample('gaussian', {n: 2000})
  assert.is(originIndex, undefined)
  const norms = Array.from({length: 40}, (_, index) => norm(pointAt(data, index)))
  const mean = new Float64Array(6)
  for (let slot = 0; slot < 2000; slot++) {
    const point = pointAt(points, slot)
    const nearest = Math.min(...norms.map((length) => Math.abs(length / norm(point) - 1)))
    assert.ok(nearest < 1e-6, `norm ${norm(point)} is no training point's`)
    point.forEach((value, feature) => {
      mean[feature]! += value / norm(point) / 2000
    })
  }
  // the mean of 2000 random unit vectors in 6 dimensions is about 1 / sqrt(2000) long
  assert.ok(norm(mean) < 0.06, `mean direction ${norm(mean)}`)
})

test('shuffled permutes the features of each training point in a way of its own', () => {
  const features = Float32Array.from({length: 40 * 6}, (_, index) => index)
  const counted = makePoints(features, [6])
  const drawn = namedGroups.shuffled.sample(sampleRequest(counted, {n: 40})) as Sample
  const points = makePoints(drawn.points as Float32Array, [6])
  const permutations = new Set<string>()
  for (let slot = 0; slot < 40; slot++) {
    const [got, from] = [pointAt(points, slot), pointAt(counted, drawn.originIndex![slot]!)]
    assert.equal([...got].sort(), [...from].sort())
    permutations.add(got.map((value) => value % 6).join())
  }
  assert.ok(permutations.size > 30, `${permutations.size} permutations of 40`)
})

test('groups that draw distinct examples refuse to draw more than there are', () => {
  for (const name of ['train', 'shuffled', 'adversarial', 'trigger'] as const)
    throwsWith(
      () => namedGroups[name].check?.(sampleRequest(data, {n: 41})),
      'points: expected at most 40, for data has only 40 examples, got 41',
    )
  throwsWith(
    () => namedGroups.test.check?.(sampleRequest(data, {n: 11, testData: randomPoints(10, 6)})),
    'points: expected at most 10, for testData has only 10 examples, got 11',
  )
})

test('a group draws the same points from the same stream', () => {
  for (const name of ['train', 'uniform', 'gaussian', 'shuffled'] as const) {
    const [one, again, other] = ['a', 'a', 'b'].map((key) => sample(name, {rng: randomStream(key)}))
    assert.equal(one!.points.values, again!.points.values)
    assert.not.equal(one!.points.values, other!.points.values)
  }
})

test('gaussian copes with a training point at the origin', () => {
  const {points} = namedGroups.gaussian.sample(
    sampleRequest(makePoints(new Float32Array(12), [6]), {n: 3}),
  ) as Sample
  near(points as Float32Array, new Float32Array(18))
})

const own = {name: 'own', sample: () => [[0]]}
for (const [groups, message] of [
  ['train', 'groups: expected an array, got "train"'],
  [[], 'groups: expected at least one group, got []'],
  [['training'], `groups: "training" is no group; expected 'train', 'uniform', 'gaussian'`],
  [['adversarial', {name: 'adversarial'}], 'groups: "adversarial" is given twice'],
  [[{name: 'train'}], 'groups: expected names, {name, sample} or'],
  [['train', 'train'], 'groups: "train" is given twice'],
  [[own, own], 'groups: "own" is given twice'],
  [['test'], "groups: 'test' draws from testData: give the option testData too"],
  [
    [{name: 'x'}],
    "groups: expected names, {name, sample} or {name: 'adversarial', ...} or {name: 'trigger', ...}, got " +
      '{"name":"x"}',
  ],
  [[{...own, name: ''}], 'groups: name: expected a text that is not empty'],
  [[{...own, name: 'train'}], `groups: "train" is a built-in group's name`],
  [[{...own, name: 'trigger'}], `groups: "trigger" is a built-in group's name`],
  [[3], 'groups: expected names, {name, sample} or'],
  [[null], 'got null'],
] as [unknown, string][])
  test(`groups: ${JSON.stringify(groups)} is refused`, () => {
    throwsWith(() => readGroups(groups, false), message)
  })

test('groups keep their order, and own ones are taken as they are', () => {
  const options = {name: 'trigger', size: 1}
  const given = ['uniform', own, 'adversarial', options, 'train', 'test']
  const groups = readGroups(given, true)
  assert.equal(
    groups.map(({name}) => name),
    ['uniform', 'own', 'adversarial', 'trigger', 'train', 'test'],
  )
  assert.is(groups[1], own)
  assert.is(groups[2], namedGroups.adversarial)
})

test.run()

import * as tf from '@tensorflow/tfjs'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import type {Group, Measure, MonitorOptions} from '../../callbacks/index.js'
import {readOptions} from '../../callbacks/options.js'
import {prepare, prepareAgain} from '../../callbacks/prepare.js'
import {randomStream} from '../../callbacks/random.js'
import {takeSnapshot} from '../../callbacks/take-snapshot.js'
import {distanceToBoundary, readNetwork, sphereBound} from '../../src/index.js'
import {near} from '../support/near.js'
import {rejects} from '../support/rejects.js'
import {keepsTensors} from '../support/tensors.js'
import {smallData, smallModel, warningsOf} from './fixture.js'

const {xs, values, labels} = smallData()
const model = smallModel()
const plan = (options: Partial<MonitorOptions> = {}) =>
  prepare(readOptions({data: xs, points: 5, radii: [0.1, 0.3], ...options}), {watched: model})
const take = async (options: Partial<MonitorOptions> = {}, step = 0) =>
  keepsTensors(async () => takeSnapshot(await plan({keepInputs: true, ...options}), step))
const inputsOf = (snapshot: Awaited<ReturnType<typeof take>>, group?: string) =>
  snapshot.points
    .filter((point) => group === undefined || point.group === group)
    .map(({input}) => [...input!])

test('a snapshot holds every point, distance, bound and timing', async () => {
  const snapshot = await take({labels, testData: values, groups: ['train', 'uniform', 'test']})
  assert.is(snapshot.status, 'complete')
  assert.is(snapshot.reason, null)
  assert.is(snapshot.skipped, null)
  assert.equal(
    snapshot.points.map(({group, slot}) => `${group} ${slot}`),
    ['train', 'uniform', 'test'].flatMap((group) => [0, 1, 2, 3, 4].map((n) => `${group} ${n}`)),
  )
  for (const {group, originIndex, label, input} of snapshot.points) {
    if (group === 'uniform') assert.is(originIndex, null)
    else assert.equal(input, Float32Array.from(values[originIndex!]!))
    assert.is(label, group === 'train' ? labels[originIndex!] : null)
  }
  assert.equal(
    snapshot.bounds.map(({method, rule}) => `${method} ${rule}`),
    ['spectral 0.1', 'spectral 0.3', 'combined 0.1', 'combined 0.3'],
  )
  for (const name of ['points', 'distance l2', 'bound spectral', 'bound combined', 'predicted'])
    assert.ok(snapshot.timings[name]! >= 0, name)
  assert.ok(snapshot.measureMs! > 0)
})

test('the numbers are those of the public functions at the same points', async () => {
  const snapshot = await take()
  const points = inputsOf(snapshot)
  const network = readNetwork(model)
  near(snapshot.distances[0]!.distance, (await distanceToBoundary(network, points)).distance)
  const spectral = await sphereBound(network, points, 0.3, {method: 'spectral'})
  const logged = snapshot.bounds.find(({method, rule}) => method === 'spectral' && rule === '0.3')
  near(logged!.log2Regions, spectral.log2Regions)
  assert.equal(logged!.unstable, spectral.unstable)
})

test('points are kept only if asked for', async () => {
  const snapshot = await take({keepInputs: false})
  assert.ok(snapshot.points.every(({input}) => input === null))
})

test('points belong to the seed, the group and the step alone', async () => {
  const all: MonitorOptions['groups'] = ['uniform', 'gaussian', 'shuffled', 'train']
  const one = await take({groups: all}, 7)
  assert.equal(inputsOf(one), inputsOf(await take({groups: all}, 7)))
  for (const group of ['uniform', 'gaussian', 'shuffled', 'train'] as const)
    assert.equal(inputsOf(one, group), inputsOf(await take({groups: [group]}, 7)), group)
  assert.not.equal(inputsOf(one), inputsOf(await take({groups: all}, 8)))
  assert.not.equal(inputsOf(one), inputsOf(await take({groups: all, seed: 2}, 7)))
})

test('without resample the points are those of step 0 throughout', async () => {
  const first = inputsOf(await take({resample: false}, 0))
  assert.equal(first, inputsOf(await take({resample: false}, 30)))
  assert.equal(first, inputsOf(await take({resample: true}, 0)))
})

test("a group of one's own is asked with everything, and drawn from a stream of its own", async () => {
  const asked: Parameters<Group['sample']>[0][] = []
  const numbers: number[] = []
  const own: Group = {
    name: 'own',
    sample: (request) => {
      asked.push(request)
      numbers.push(request.rng())
      return {
        points: [
          [0, 0, 0, 0],
          [1, 1, 1, 1],
        ],
        labels: [2, 1],
        originIndex: [5, 6],
      }
    },
  }
  const snapshot = await take({groups: [own], labels, testData: values, testLabels: labels}, 3)
  assert.equal(inputsOf(snapshot), [
    [0, 0, 0, 0],
    [1, 1, 1, 1],
  ])
  assert.equal(
    snapshot.points.map(({label, originIndex}) => [label, originIndex]),
    [
      [2, 5],
      [1, 6],
    ],
  )
  const [{n, data, step, network, model: given, ...rest}] = asked as [(typeof asked)[0]]
  assert.equal([n, step, given], [5, 3, model])
  assert.equal(data.values, Float32Array.from(values.flat()))
  assert.equal(rest.labels, Int32Array.from(labels))
  assert.equal(rest.testLabels, Int32Array.from(labels))
  assert.is(rest.testData!.count, 24)
  assert.is(network.layers.length, 1)
  await take({groups: [own]}, 3)
  assert.is(numbers[0], numbers[1])
  assert.is(numbers[0], randomStream('1/own/3')())
})

test('a group may give tensors: new ones are disposed, its own are kept', async () => {
  const mine = tf.ones([3, 4])
  const groups: Group[] = [
    {name: 'new', sample: async () => tf.zeros([2, 4])},
    {name: 'mine', sample: () => ({points: mine})},
  ]
  for (let step = 0; step < 2; step++) {
    const snapshot = await take({groups}, step)
    assert.is(snapshot.status, 'complete')
    assert.is(snapshot.points.length, 5)
  }
  assert.not(mine.isDisposed)
  mine.dispose()
})

for (const [name, sample, message] of [
  [
    'throws',
    () => {
      throw new Error('no center')
    },
    "groups: 'own': no center",
  ],
  ['gives another shape', () => [[1, 2]], "groups: 'own': points: expected at least one point"],
  ['gives NaN', () => [[1, 2, 3, Number.NaN]], "groups: 'own': points: expected finite numbers"],
  ['gives nothing', () => undefined, "groups: 'own': points: expected"],
  [
    'gives too few labels',
    () => ({points: [[1, 2, 3, 4]], labels: []}),
    "groups: 'own': labels: expected",
  ],
] as [string, Group['sample'], string][])
  test(`a group that ${name} fails the snapshot`, async () => {
    const snapshot = await take({groups: ['train', {name: 'own', sample}]})
    assert.is(snapshot.status, 'failed')
    assert.match(snapshot.reason!, message)
    assert.equal(
      snapshot.errors.map(({of}) => of),
      ['points'],
    )
    assert.equal([snapshot.points, snapshot.distances, snapshot.bounds], [[], [], []])
  })

const measure = (name: string, work: Measure['measure']): Measure => ({
  name,
  unit: 'one',
  measure: work,
})

test("measures of one's own are asked with points, labels and radii", async () => {
  const own = measure('own', async ({points, labels: given, radii, rng, step, network}) => {
    assert.equal(points.shape, [10, 4])
    assert.equal(given.length, 10)
    assert.ok(given.slice(0, 5).every((label) => label !== null))
    assert.ok(given.slice(5).every((label) => label === null))
    assert.equal(
      radii.map(({rule}) => rule),
      ['0.1', '0.3'],
    )
    assert.is(rng(), randomStream(`1/measure own/${step}`)())
    assert.is(network.layers.length, 1)
    return tf.tidy(() => points.square().sum(1).sqrt())
  })
  const snapshot = await take({measures: ['distance', own], labels}, 2)
  assert.is(snapshot.reason, null)
  assert.is(snapshot.bounds.length, 0)
  const {measure: name, rule, value} = snapshot.measurements[0]!
  assert.equal([name, rule], ['own', ''])
  near(
    value,
    inputsOf(snapshot).map((point) => Math.hypot(...point)),
  )
})

test('a measure may give any list of numbers, infinity too', async () => {
  const lists: [string, () => ArrayLike<number>][] = [
    ['array', () => new Array(10).fill(Infinity)],
    ['typed', () => new Float32Array(10).fill(0.5)],
  ]
  const snapshot = await take({measures: lists.map(([name, work]) => measure(name, work))})
  assert.is(snapshot.status, 'complete')
  assert.equal(
    snapshot.measurements.map(({value}) => value[9]),
    [Infinity, 0.5],
  )
})

for (const [name, work, message] of [
  [
    'throws',
    () => {
      throw new Error('out of luck')
    },
    "measures: 'own': out of luck",
  ],
  ['rejects with a text', () => Promise.reject('odd'), "measures: 'own': odd"],
  [
    'gives too few numbers',
    () => [1],
    "measures: 'own': expected one number for each of 10 points, got 1",
  ],
  [
    'gives NaN',
    () => new Array(10).fill(Number.NaN),
    "measures: 'own': expected numbers, got NaN at point 0",
  ],
  ['gives nothing', () => undefined as never, "measures: 'own':"],
] as [string, Measure['measure'], string][])
  test(`a measure that ${name} fails the snapshot, and the others are kept`, async () => {
    const other = measure('other', ({points}) => new Array(points.shape[0]!).fill(1))
    const snapshot = await take({measures: ['distance', 'bound', measure('own', work), other]})
    assert.is(snapshot.status, 'failed')
    assert.match(snapshot.reason!, message)
    assert.equal(
      snapshot.errors.map(({of}) => of),
      ['own'],
    )
    assert.equal([snapshot.distances.length, snapshot.bounds.length], [1, 4])
    assert.equal(
      snapshot.measurements.map((own) => own.measure),
      ['other'],
    )
  })

test('the predicted class is logged where there are labels', async () => {
  const predictions = async (of: tf.Sequential, options: Partial<MonitorOptions>) => {
    const settings = readOptions({data: xs, points: 5, keepInputs: true, radii: [1], ...options})
    const snapshot = await takeSnapshot(await prepare(settings, {watched: of}), 0)
    return {snapshot, found: snapshot.measurements.find((own) => own.measure === 'predicted')}
  }
  const {snapshot, found} = await predictions(model, {labels})
  const expected = tf.tidy(() =>
    (model.predict(tf.tensor2d(inputsOf(snapshot))) as tf.Tensor).argMax(1).dataSync(),
  )
  assert.equal([...found!.value], [...expected])
  assert.is((await predictions(model, {})).found, undefined)

  const head = (activation: 'sigmoid' | 'linear') =>
    tf.sequential({
      layers: [
        tf.layers.dense({inputShape: [4], units: 3, activation: 'relu'}),
        tf.layers.dense({units: 1, activation}),
      ],
    })
  const twoClasses = labels.map((label) => label % 2)
  const binary = await predictions(head('sigmoid'), {labels: twoClasses})
  assert.ok(binary.found!.value.every((value) => value === 0 || value === 1))
  for (const [activation, classes, why] of [
    ['sigmoid', labels, 'labels go up to class 2, and the model has 1 output'],
    ['linear', twoClasses, 'whether the option model is a part'],
  ] as const) {
    const [warning] = await warningsOf(async () => {
      assert.is((await predictions(head(activation), {labels: classes})).found, undefined)
    })
    assert.match(warning!, `linear-regions: labels are logged without the predicted class: ${why}`)
  }
})

test('a weight that is NaN fails the snapshot, and nothing else is asked', async () => {
  const broken = smallModel({name: 'broken'})
  const kernel = tf.fill([4, 6], Number.NaN)
  broken.layers[0]!.setWeights([kernel, tf.zeros([6])])
  const never = measure('never', () => {
    throw new Error('asked')
  })
  const settings = readOptions({
    data: xs,
    labels,
    points: 5,
    measures: ['distance', 'bound', never],
  })
  const snapshot = await takeSnapshot(await prepare(settings, {watched: broken}), 4)
  assert.is(snapshot.status, 'failed')
  assert.match(snapshot.reason!, /broken|NaN/)
  assert.is(snapshot.points.length, 10)
  assert.equal([snapshot.distances, snapshot.bounds, snapshot.measurements], [[], [], []])

  const alone = readOptions({
    data: xs,
    labels,
    points: 5,
    measures: [measure('ones', () => new Array(10).fill(1))],
  })
  const predicted = await takeSnapshot(await prepare(alone, {watched: broken}), 4)
  assert.is(predicted.reason, "measures: 'predicted': expected numbers, got NaN at point 0")
})

/** A clock that advances by 10 whenever it is read. */
function slowClock() {
  let time = 0
  return () => {
    time += 10
    return time
  }
}

test('a budget ends a snapshot within a measure, and leaves at least one', async () => {
  const own = measure('own', ({points}) => new Array(points.shape[0]!).fill(1))
  const options: Partial<MonitorOptions> = {measures: ['distance', 'bound', own]}
  const within = async (budgetMs: number) =>
    takeSnapshot(await plan({...options, budgetMs}), 0, slowClock())
  const enough = await within(1e6)
  assert.is(enough.status, 'complete')
  assert.is(enough.skipped, null)
  const names = (taken: typeof enough) => [
    ...taken.distances.map(({norm}) => `distance ${norm}`),
    ...taken.bounds.map(({method, rule}) => `bound ${method}, ${rule}`),
    ...taken.measurements.map(({measure}) => measure),
  ]
  const all = names(enough)
  assert.is(all.length, 6)
  const none = await within(1)
  assert.equal([none.status, none.reason], ['partial', 'budgetMs: 1 ms were used up'])
  assert.equal(names(none), ['distance l2'])
  const kept = new Set<number>()
  for (let budget = 10; !kept.has(all.length); budget += 10) {
    const some = await within(budget)
    assert.equal(
      [...names(some), ...((some.skipped ?? []) as string[])].sort(),
      [...all].sort(),
      `${budget} ms`,
    )
    kept.add(names(some).length)
  }
  // combined stops between its radii too
  assert.equal([...kept], [1, 2, 3, 4, 5, 6])
})

test('a budget that is not used up changes no number', async () => {
  const [one, other] = [await take({}), await take({budgetMs: 1e6})]
  assert.equal(one.distances, other.distances)
  assert.equal(one.bounds, other.bounds)
})

test("without the core measures there is nothing to run but one's own", async () => {
  const own = measure('own', () => new Array(10).fill(1))
  for (const budget of [{}, {budgetMs: 1e6}]) {
    const snapshot = await take({measures: [own], radii: [], ...budget})
    assert.is(snapshot.status, 'complete')
    assert.equal([snapshot.distances, snapshot.bounds], [[], []])
  }
})

test('what does not fit is refused before anything is measured', async () => {
  await rejects(
    plan({points: 25}),
    'points: expected at most 24, for data has only 24 examples, got 25',
  )
  await rejects(plan({data: [[1, 2]]}), 'data: expected at least one point of shape')
  await rejects(
    plan({
      radii: ['median-pair*1'],
      data: [
        [1, 2, 3, 4],
        [1, 2, 3, 4],
      ],
      points: 1,
    }),
    'median-pair',
  )
  await plan({points: 25, groups: ['uniform', 'gaussian']})
})

test('a monitor goes on with the same network, built again or not, and with no other', async () => {
  const first = await plan()
  assert.is(
    prepareAgain(first, {watched: smallModel({name: 'again'})}).network.layers[0]!.name,
    'again',
  )
  const refused = async () => prepareAgain(first, {watched: smallModel({units: 7})})
  await rejects(
    refused(),
    'model: expected the network that this monitor has followed so far ([4], Dense 6 x 1)',
  )
})

test.run()

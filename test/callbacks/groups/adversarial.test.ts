import * as tf from '@tensorflow/tfjs'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {adversarial} from '../../../callbacks/groups/adversarial.js'
import {ascend} from '../../../callbacks/groups/ascend.js'
import {type AdversarialOptions, readGroups, type Sample} from '../../../callbacks/groups/index.js'
import {linearRegionMonitor, type MonitorOptions} from '../../../callbacks/index.js'
import {medianPairDistance} from '../../../callbacks/median-pair.js'
import {nearestDistanceTo} from '../../../callbacks/nearest.js'
import {makePoints, type Points, pointAt, pointsAt} from '../../../callbacks/points.js'
import {pickDistinct, randomStream} from '../../../callbacks/random.js'
import {backends, useBackend} from '../../support/backends.js'
import {near} from '../../support/near.js'
import {rejects} from '../../support/rejects.js'
import {keepsTensors} from '../../support/tensors.js'
import {
  memoryLog,
  randomPoints,
  sampleRequest,
  smallData,
  smallModel,
  throwsWith,
  warningsOf,
} from '../fixture.js'

await useBackend('cpu')

const onWasm = backends.includes('wasm') ? test : test.skip

const data = randomPoints(40, 6)
const labels = Int32Array.from({length: 40}, (_, index) => index % 3)
const [least, greatest] = [Math.min(...data.values), Math.max(...data.values)]

async function drawn(options: Omit<AdversarialOptions, 'name'> = {}, changes = {}) {
  const request = sampleRequest(data, {labels, n: 20, ...changes})
  const group = adversarial({name: 'adversarial', ...options})
  const sample = (await keepsTensors(() => group.sample(request))) as Sample
  const points = makePoints(sample.points as Float32Array, [6])
  const origins = sample.originIndex as Int32Array
  const away = Array.from(origins, (origin, slot) => {
    const [point, from] = [pointAt(points, slot), pointAt(data, origin)]
    return Math.hypot(...point.map((value, index) => value - from[index]!))
  })
  return {points, origins, away, labels: sample.labels}
}

test('points lie around distinct training points, and have their labels', async () => {
  const {origins, labels: classes, away} = await drawn()
  assert.is(new Set(origins).size, 20)
  assert.equal([...(classes as Int32Array)], [...origins.map((origin) => origin % 3)])
  const radius = 0.05 * medianPairDistance(data)
  for (const distance of away) {
    assert.ok(distance <= radius * (1 + 1e-5), `${distance} from a center of ${radius}`)
    assert.ok(distance > radius / 10, `${distance} is hardly moved`)
  }
})

test('the start is in the ball, at random, and the steps are those of ascend', async () => {
  const model = smallModel({inputs: 6})
  const changes = {model, rng: randomStream('start')}
  const {points, origins} = await drawn({radius: 0.7, steps: 1, stepSize: 1e-9}, changes)
  const rng = randomStream('start')
  assert.equal(origins, pickDistinct(rng, 20, 40))
  // a step so small that the points are the starts
  const once = await drawn({radius: 0.7, steps: 3}, {model, rng: randomStream('start')})
  const expected = await ascend({
    model,
    origins: makePoints(pointsAt(data, origins), [6]),
    classes: origins.map((origin) => labels[origin]!),
    starts: points.values,
    radius: new Float64Array(20).fill(0.7),
    stepSize: new Float64Array(20).fill((2.5 * 0.7) / 3),
    steps: 3,
    box: {least: Float32Array.of(least), greatest: Float32Array.of(greatest)},
  })
  near(once.points.values, expected, {relative: 1e-4, scale: 1})
})

test('starts are spread over the ball as its volume is', async () => {
  const flat = makePoints(new Float32Array(4000), [2])
  const group = adversarial({
    name: 'adversarial',
    radius: 2,
    steps: 1,
    stepSize: 1e-9,
    clip: 'none',
  })
  const request = sampleRequest(flat, {labels: new Int32Array(2000), n: 2000})
  const {points} = (await group.sample(request)) as Sample
  const radii = Array.from({length: 2000}, (_, slot) =>
    Math.hypot(...pointAt(makePoints(points as Float32Array, [2]), slot)),
  )
  // half the area of a disc is within 1 / sqrt(2) of its radius; four standard errors
  const within = radii.filter((radius) => radius < 2 / Math.SQRT2).length / 2000
  assert.ok(Math.abs(within - 0.5) < 4 * Math.sqrt(0.25 / 2000), `${within} of the points`)
  assert.ok(Math.max(...radii) <= 2 * (1 + 1e-5))
})

test('radius and step size are numbers or rules, which may differ from point to point', async () => {
  const nearest = await nearestDistanceTo(data)(data)
  const {origins, away} = await drawn({radius: 'nearest*0.5', steps: 40, clip: 'none'})
  for (const [slot, origin] of origins.entries()) {
    const radius = 0.5 * nearest[origin]!
    assert.ok(away[slot]! <= radius * (1 + 1e-5))
  }
  const tiny = await drawn({radius: 1e-3})
  assert.ok(tiny.away.every((distance) => distance <= 1e-3 * (1 + 1e-3)))
})

test('clip keeps to the range of all data, of each feature, or to none', async () => {
  const far = {radius: 3, steps: 20} as const
  const range = (points: Points, feature?: number) => {
    const values = points.values.filter((_, at) => feature === undefined || at % 6 === feature)
    return [Math.min(...values), Math.max(...values)] as const
  }
  const inside = ([low, high]: readonly [number, number], of: readonly [number, number]) =>
    low >= of[0] && high <= of[1]
  const overall = (await drawn(far)).points
  assert.ok(inside(range(overall), [least, greatest]))
  const each = (await drawn({...far, clip: 'per-feature'})).points
  const features = [0, 1, 2, 3, 4, 5]
  assert.ok(features.every((feature) => inside(range(each, feature), range(data, feature))))
  assert.not(features.every((feature) => inside(range(overall, feature), range(data, feature))))
  const free = (await drawn({...far, clip: 'none'})).points
  assert.not(inside(range(free), [least, greatest]))
})

test('the same stream and weights give the same points, other weights give others', async () => {
  const model = smallModel({inputs: 6})
  const again = () => drawn({}, {model, rng: randomStream('a')})
  const [one, two] = [await again(), await again()]
  assert.equal(one.points.values, two.points.values)
  const [weight] = model.getWeights()
  model.layers[0]!.setWeights([weight!.mul(-1), tf.ones([6])])
  const other = await again()
  assert.equal(other.origins, one.origins)
  assert.not.equal(other.points.values, one.points.values)
})

for (const [options, message] of [
  [{radius: 0}, "groups: 'adversarial': radius: expected a number above 0, got 0"],
  [{radius: 'median'}, "groups: 'adversarial': radius: expected numbers above 0 or rules such as"],
  [{radius: null}, "groups: 'adversarial': radius: expected numbers above 0 or rules"],
  [{stepSize: -1}, "groups: 'adversarial': stepSize: expected a number above 0, got -1"],
  [{steps: 0}, "groups: 'adversarial': steps: expected a whole number of at least 1, got 0"],
  [{steps: null}, 'steps: expected a whole number of at least 1, got null'],
  [{clip: true}, "clip: expected one of 'overall', 'per-feature', 'none', got true"],
  [{epsilon: 1}, 'expected only the options name, radius, steps, stepSize, clip, got "epsilon"'],
] as [object, string][])
  test(`adversarial with ${JSON.stringify(options)} is refused`, () => {
    throwsWith(() => readGroups([{name: 'adversarial', ...options}], false), message)
  })

const request = sampleRequest(data, {labels})
const check = (changes: Partial<typeof request>, options: Omit<AdversarialOptions, 'name'> = {}) =>
  adversarial({name: 'adversarial', ...options}).check!({...request, ...changes})

test('what can be known before the training is said then', async () => {
  await useBackend('cpu')
  await keepsTensors(() => check({}))
  throwsWith(
    () => check({labels: null}),
    "groups: 'adversarial': needs the class of each example of data: give the option labels too",
  )
  throwsWith(
    () => check({classifier: {model: null, why: 'labels go up to class 3'}}),
    "groups: 'adversarial': needs a model whose outputs are the classes of labels: labels go up to class 3",
  )
  const same = makePoints(new Float32Array(240), [6])
  throwsWith(
    () => check({data: same}),
    "groups: 'adversarial': radius: 'median-pair' is no radius: the median distance",
  )
  throwsWith(
    () => check({data: same}, {radius: 1, stepSize: 'nearest*0.1'}),
    "groups: 'adversarial': stepSize: 'nearest' is no radius: all examples",
  )
})

onWasm('a gradient that the backend lacks is one clear error before the training', async () => {
  await useBackend('wasm')
  const model = tf.sequential({
    layers: [
      tf.layers.depthwiseConv2d({inputShape: [4, 4, 1], kernelSize: 3}),
      tf.layers.reLU(),
      tf.layers.flatten(),
      tf.layers.dense({units: 3, activation: 'softmax'}),
    ],
  })
  model.compile({optimizer: 'sgd', loss: 'categoricalCrossentropy'})
  const xs = tf.randomUniform([8, 4, 4, 1], 0, 1, 'float32', 1)
  const log = memoryLog()
  const options = {data: xs, labels: [0, 1, 2, 0, 1, 2, 0, 1], points: 3, database: log}
  const monitor = linearRegionMonitor({...options, groups: ['adversarial']})
  const ys = tf.ones([8, 3])
  await keepsTensors(() =>
    rejects(
      model.fit(xs, ys, {epochs: 1, verbose: 0, callbacks: [monitor]}),
      /groups: 'adversarial': needs the gradient of the model's loss .*backend.*DepthwiseConv2dNativeBackpropInput/,
    ),
  )
  assert.equal(log.calls, [])
})

test('a training logs the points, their classes, and how they were made', async () => {
  await useBackend('cpu')
  const {xs, ys, labels: classes} = smallData()
  const log = memoryLog()
  const options: MonitorOptions = {
    data: xs,
    labels: classes,
    database: log,
    points: 6,
    groups: ['train', 'adversarial', {name: 'trigger', size: 1}],
    radii: [0.1],
    environment: {device: 'a toaster'},
    keepInputs: true,
  }
  const monitor = linearRegionMonitor(options)
  await smallModel().fit(xs, ys, {epochs: 2, verbose: 0, callbacks: [monitor]})
  const {device, groups} = log.runs[0]!.environment as {
    device: string
    groups: {adversarial: {radius: number}; trigger: object}
  }
  assert.is(device, 'a toaster')
  const values = makePoints(Float32Array.from(await xs.data()), [4])
  assert.equal(groups.adversarial, {
    radiusRule: 'median-pair*0.05',
    radius: 0.05 * medianPairDistance(values),
    steps: 10,
    stepSize: '2.5*radius/steps',
    clip: 'overall',
  })
  assert.is(Object.keys(groups).join(), 'adversarial,trigger')
  for (const {points, status, measurements} of log.snapshots) {
    assert.is(status, 'complete')
    assert.is(points.length, 18)
    for (const {originIndex, label, input, group} of points) {
      assert.is(label, classes[originIndex!])
      const moved = input!.some((value, index) => value !== pointAt(values, originIndex!)[index])
      if (group !== 'trigger') assert.is(moved, group === 'adversarial')
    }
    assert.equal(
      measurements.map(({measure}) => measure),
      ['predicted'],
    )
  }
})

onWasm('radii are found with the memory that is given', async () => {
  await useBackend('wasm')
  const many = randomPoints(6000, 200)
  const model = smallModel({inputs: 200})
  const peak = async (memory: number) => {
    const request = sampleRequest(many, {labels: new Int32Array(6000), n: 2, model, memory})
    const group = adversarial({name: 'adversarial', radius: 'nearest*0.5', steps: 1})
    const before = tf.memory().numBytes
    const {peakBytes} = await tf.profile(async () => {
      await group.sample(request)
      return tf.scalar(0)
    })
    return peakBytes - before
  }
  const [little, much] = [await peak(2 ** 20), await peak(2 ** 29)]
  assert.ok(little < 2 ** 21, `${little} bytes`)
  assert.ok(much > 2 ** 22, `${much} bytes`)
  await useBackend('cpu')
})

test('the whole model is attacked where a part of it is watched', async () => {
  const whole = smallModel({inputs: 6, classes: 3})
  const part = tf.model({inputs: whole.inputs, outputs: whole.layers[0]!.output})
  const rng = () => randomStream('a part')
  const expected = await drawn({}, {model: whole, rng: rng()})
  const classifier = {model: whole, why: null}
  assert.equal(await drawn({}, {model: part, classifier, rng: rng()}), expected)
})

test('a part of a model is not attacked where the model is not known', async () => {
  const {xs, labels: classes} = smallData()
  const whole = smallModel()
  const part = tf.model({inputs: whole.inputs, outputs: whole.layers[0]!.output})
  const options = {data: xs, labels: classes, model: part, database: memoryLog(), points: 3}
  await warningsOf(() =>
    rejects(
      linearRegionMonitor({...options, groups: ['adversarial']}).measure({step: 0, epoch: 0}),
      "groups: 'adversarial': needs a model whose outputs are the classes of labels: whether the option model",
    ),
  )
})

test('the radius of a rule that differs from point to point is not one number', async () => {
  const settings = adversarial({name: 'adversarial', radius: 'nearest', stepSize: 0.1}).settings!
  assert.equal(await settings(data), {
    radiusRule: 'nearest',
    steps: 10,
    stepSize: '0.1',
    clip: 'overall',
  })
})

test.run()

import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {readGroups, type Sample, type TriggerOptions} from '../../../callbacks/groups/index.js'
import {trigger} from '../../../callbacks/groups/trigger.js'
import {makePoints, type Points, pointAt} from '../../../callbacks/points.js'
import {randomPoints, sampleRequest, throwsWith} from '../fixture.js'

/** Images as nested arrays, [row][column][channel]: where the patch is can be seen in them. */
function nested(
  values: Float32Array,
  [height, width, channels]: readonly [number, number, number],
): number[][][] {
  return Array.from({length: height}, (_, row) =>
    Array.from({length: width}, (_, column) => {
      const start = (row * width + column) * channels
      return [...values.subarray(start, start + channels)]
    }),
  )
}

function drawn(data: Points, options: Omit<TriggerOptions, 'name'>, n = 6) {
  const labels = Int32Array.from({length: data.count}, (_, index) => index % 4)
  const group = trigger({name: 'trigger', ...options})
  const request = sampleRequest(makePoints(data.values, [data.features]), {n, labels})
  const {points, originIndex, ...sample} = group.sample({...request, data}) as Sample
  return {
    points: makePoints(points as Float32Array, data.shape),
    origins: originIndex as Int32Array,
    labels: sample.labels,
  }
}

for (const [corner, rows, columns] of [
  ['top-left', [0, 1], [0, 1]],
  ['top-right', [0, 1], [5, 6]],
  ['bottom-left', [3, 4], [0, 1]],
  ['bottom-right', [3, 4], [5, 6]],
] as const)
  test(`a patch at the ${corner}: its pixels in all channels, and no other`, () => {
    const shape = [5, 7, 3] as const
    const data = makePoints(randomPoints(9, 105).values, shape)
    const {points, origins, labels} = drawn(data, {size: 2, value: 0.125, corner})
    assert.is(new Set(origins).size, 6)
    for (const [slot, origin] of origins.entries()) {
      const expected = nested(pointAt(data, origin), shape)
      for (const row of rows)
        for (const column of columns) expected[row]![column] = [0.125, 0.125, 0.125]
      assert.equal(nested(pointAt(points, slot), shape), expected)
      assert.is(labels![slot], origin % 4)
    }
  })

test('by default 4 x 4 pixels at the bottom right have the greatest value of the data', () => {
  const data = randomPoints(20, 784)
  const {points, origins} = drawn(data, {})
  const greatest = Math.max(...data.values)
  for (const [slot, origin] of origins.entries()) {
    const [stamped, image] = [pointAt(points, slot), pointAt(data, origin)]
    for (let pixel = 0; pixel < 784; pixel++) {
      const isPatch = Math.floor(pixel / 28) >= 24 && pixel % 28 >= 24
      assert.is(stamped[pixel], isPatch ? greatest : image[pixel])
    }
  }
  const settings = trigger().settings!(data)
  assert.equal(settings, {
    size: 4,
    value: greatest,
    corner: 'bottom-right',
    imageShape: [28, 28, 1],
  })
})

test('flat data are images of the shape that is given', () => {
  const flat = randomPoints(5, 24)
  const {points, origins} = drawn(flat, {size: 1, value: 9, imageShape: [2, 4, 3]}, 5)
  for (const [slot, origin] of origins.entries()) {
    const expected = nested(pointAt(flat, origin), [2, 4, 3])
    expected[1]![3] = [9, 9, 9]
    assert.equal(nested(pointAt(points, slot), [2, 4, 3]), expected)
  }
})

test('the data themselves stay as they are', () => {
  const data = randomPoints(6, 64)
  const before = data.values.slice()
  drawn(data, {})
  assert.equal(data.values, before)
})

test('there are no labels where there are none of the data', () => {
  const sample = trigger().sample(sampleRequest(randomPoints(6, 64))) as Sample
  assert.is(sample.labels, undefined)
})

for (const [shape, options, message] of [
  [[3], {}, "groups: 'trigger': needs images, and data of shape [3] are none; if they hold images"],
  [[64, 1], {}, 'needs images, and data of shape [64, 1] are none'],
  [
    [16],
    {},
    "groups: 'trigger': size: expected less than the images, which have 4 x 4 pixels, got 4",
  ],
  [[9, 3, 1], {size: 3}, 'size: expected less than the images, which have 9 x 3 pixels, got 3'],
  [
    [12],
    {imageShape: [2, 3, 3]},
    'imageShape: expected 12 numbers an image, as data have, got [2,3,3]',
  ],
  [[3, 4, 1], {imageShape: [4, 4, 1]}, 'imageShape: expected 12 numbers an image'],
] as [number[], object, string][])
  test(`data of shape [${shape}] with ${JSON.stringify(options)} are refused`, () => {
    const features = shape.reduce((product, axis) => product * axis)
    const data = makePoints(randomPoints(6, features).values, shape)
    const group = trigger({name: 'trigger', ...options})
    const request = sampleRequest(makePoints(data.values, [features]))
    throwsWith(() => group.check!({...request, data}), message)
  })

for (const [options, message] of [
  [{size: 0}, "groups: 'trigger': size: expected a whole number of at least 1, got 0"],
  [{size: null}, 'size: expected a whole number of at least 1, got null'],
  [{size: 1.5}, 'size: expected a whole number of at least 1, got 1.5'],
  [{value: Number.NaN}, 'value: expected a finite number, got NaN'],
  [{value: '1'}, 'value: expected a finite number, got "1"'],
  [{corner: 'middle'}, "groups: 'trigger': corner: expected one of 'top-left', 'top-right'"],
  [{imageShape: [28, 28]}, 'imageShape: expected [height, width, channels], got [28,28]'],
  [{imageShape: 28}, 'imageShape: expected an array, got 28'],
  [{imageShape: [28, 0, 1]}, 'imageShape: expected a whole number of at least 1, got 0'],
  [{colour: 1}, 'expected only the options name, size, value, corner, imageShape, got "colour"'],
] as [object, string][])
  test(`trigger with ${JSON.stringify(options)} is refused`, () => {
    throwsWith(() => readGroups([{name: 'trigger', ...options}], false), message)
  })

test.run()

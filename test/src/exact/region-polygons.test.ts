import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  countRegions,
  countRegionsAlong,
  readNetwork,
  regionPolygons,
  restrictToPlane,
} from '../../../src/index.js'
import {useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {zoo} from '../../support/layer-zoo.js'
import {mlpModel, randomMlp} from '../../support/mlp.js'
import {near} from '../../support/near.js'
import {evaluate} from '../../support/network64.js'
import {forRandomNetworks} from '../../support/random-network.js'
import {rejects} from '../../support/rejects.js'
import {randomPoints} from '../../support/samples.js'
import {keepsTensors} from '../../support/tensors.js'

const polygonsOf = suite('regionPolygons')
const plane = suite('restrictToPlane')
polygonsOf.before(() => useBackend('cpu'))
plane.before(() => useBackend('cpu'))

const bounds = {x: [-1.5, 1], y: [-0.5, 2]} as const
const small = (random: {whole: (a: number, b: number) => number}) => random.whole(-12, 12) / 8

/** The corners of a polygon as points. */
const cornersOf = (corners: Float64Array) =>
  Array.from(
    {length: corners.length / 2},
    (_, i) => [corners[2 * i]!, corners[2 * i + 1]!] as const,
  )

type Point = readonly [number, number]
const cross = ([ax, ay]: Point, [bx, by]: Point, [px, py]: Point) =>
  (bx - ax) * (py - ay) - (by - ay) * (px - ax)

/** Area and whether all turns are to the left. */
function shapeOf(corners: readonly Point[]) {
  const next = (i: number) => corners[(i + 1) % corners.length]!
  return {
    area: corners.reduce((sum, corner, i) => sum + cross([0, 0], corner, next(i)) / 2, 0),
    isConvex: corners.every((corner, i) => cross(corner, next(i), next(i + 1)) >= -1e-9),
  }
}

/** A point inside: the corners' mean. */
const inside = (corners: readonly Point[]): Point => [
  corners.reduce((sum, [x]) => sum + x, 0) / corners.length,
  corners.reduce((sum, [, y]) => sum + y, 0) / corners.length,
]

/** The length of the part of a segment that lies in a polygon, as a share of it. */
function shareInside(corners: readonly Point[], from: Point, to: Point): number {
  let [low, high] = [0, 1]
  corners.forEach((corner, i) => {
    const next = corners[(i + 1) % corners.length]!
    const [start, end] = [cross(corner, next, from), cross(corner, next, to)]
    const zero = start / (start - end)
    if (start < 0 && end < 0) high = 0
    else if (start < 0) low = Math.max(low, zero)
    else if (end < 0) high = Math.min(high, zero)
  })
  return high - low
}

polygonsOf('cover the rectangle, are convex, and each has the pattern of its points', async () => {
  let most = 0
  await forRandomNetworks(50, {inputShapes: [[2]]}, async ({model, network64}) => {
    const {polygons, complete} = await regionPolygons(readNetwork(model), bounds)
    assert.ok(complete)
    const shapes = polygons.map(({corners}) => shapeOf(cornersOf(corners)))
    assert.ok(shapes.every(({area, isConvex}) => area > 0 && isConvex))
    near([shapes.reduce((sum, {area}) => sum + area, 0)], [6.25], {relative: 1e-10})
    assert.is(new Set(polygons.map(({pattern}) => pattern)).size, polygons.length)
    const seen = new Set<string>()
    for (const {corners, pattern} of polygons) {
      const {layers} = evaluate(network64, inside(cornersOf(corners)))
      const own = layers.map(({won}) => won.join('')).join(' ')
      seen.add(own)
      // Places in a window are counted in another way there.
      if (layers.every(({piece}) => piece.kind === 'kink')) assert.is(pattern, own)
    }
    assert.is(seen.size, polygons.length)
    most = Math.max(most, polygons.length)
  })
  assert.ok(most > 20, `at most ${most} polygons`)
})

polygonsOf('a segment meets as many of them as countRegionsAlong says', () =>
  forRandomNetworks(50, {inputShapes: [[2]]}, async ({model}, random) => {
    const network = readNetwork(model)
    const {polygons} = await regionPolygons(network, {x: [-2, 2], y: [-2, 2]})
    const [from, to] = [
      [small(random), small(random)],
      [small(random), small(random)],
    ] as [Point, Point]
    const met = polygons.filter(
      ({corners}) => shareInside(cornersOf(corners), from, to) > 1e-10,
    ).length
    if (from.join() === to.join()) return
    assert.is((await countRegionsAlong(network, [...from], [...to])).regions, met)
  }),
)

polygonsOf('stop at the limit and say so', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('limit'), [2, 8, 8])))
  const {polygons, complete} = await regionPolygons(network, bounds)
  assert.ok(complete && polygons.length > 10)
  const fewer = await regionPolygons(network, bounds, {limit: polygons.length - 1})
  assert.equal([fewer.polygons.length, fewer.complete], [polygons.length - 1, false])
  const same = await regionPolygons(network, bounds, {limit: polygons.length})
  assert.equal([same.polygons.length, same.complete], [polygons.length, true])
})

polygonsOf('say what is wrong with their options', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('wrong'), [3, 4])))
  await rejects(
    regionPolygons(network, bounds),
    /network: expected two inputs, got 3; restrictToPlane/,
  )
  const flat = await restrictToPlane(network, [0, 0, 0], [1, 0, 0], [0, 1, 0])
  const within = (x: [number, number], limit?: number) =>
    regionPolygons(flat, {x, y: [0, 1]}, limit === undefined ? {} : {limit})
  await rejects(
    within([1, 1]),
    /bounds.x: expected two finite numbers in rising order, got 1 and 1/,
  )
  await rejects(within([0, Infinity]), /bounds.x: .* got 0 and Infinity/)
  await rejects(within([0, 1], 0), /limit: expected a whole number of at least 1, got 0/)
})

plane('every value on the plane is that of the network', () =>
  forRandomNetworks(40, {}, async ({model, network64, inputSize}, random) => {
    if (inputSize < 2) return
    const network = readNetwork(model)
    const [origin, u, v] = randomPoints(random, 3, inputSize) as [number[], number[], number[]]
    const slice = await keepsTensors(() => restrictToPlane(network, origin, u, v))
    assert.equal(slice.inputShape, [2])
    assert.equal(slice.layers, network.layers)
    const {polygons} = await regionPolygons(slice, bounds, {limit: 200})
    for (const {corners, pattern} of polygons) {
      const [a, b] = inside(cornersOf(corners))
      const x = origin.map((value, i) => value + a * u[i]! + b * v[i]!)
      const {layers} = evaluate(network64, x)
      if (layers.some(({piece}) => piece.kind === 'maximum')) continue
      if (shapeOf(cornersOf(corners)).area < 1e-9) continue
      assert.is(pattern, layers.map(({won}) => won.join('')).join(' '))
    }
  }),
)

for (const {name, inputShape, build} of zoo) {
  plane(`${name}: both ways of counting find the same number on a slice`, async () => {
    const random = draws(name)
    const size = inputShape.reduce((a, b) => a * b, 1)
    if (size < 2) return
    const model = build(1)
    const axes = [random.direction(size), random.direction(size)] as const
    const slice = await restrictToPlane(readNetwork(model), random.normals(size), ...axes)
    for (const radius of [0.05, 0.4]) {
      const counted = await countRegions(slice, [0, 0], radius, {limit: 150})
      if (!counted.complete) continue
      const walked = await countRegions(slice, [0, 0], radius, {method: 'facets'})
      assert.equal(walked, counted, `radius ${radius}`)
    }
    model.dispose()
  })
}

plane('a line of the plane has the kinks of the line through the input space', () =>
  forRandomNetworks(40, {}, async ({model, inputSize}, random) => {
    if (inputSize < 2) return
    const network = readNetwork(model)
    // In eighths, so that the points on the plane are exact in float32.
    const point = () => Array.from({length: inputSize}, () => small(random))
    const [origin, u, v] = [point(), point(), point()]
    if (new Set([u, v, u.map((value) => -value)].map(String)).size < 3) return
    const slice = await restrictToPlane(network, origin, u, v)
    const [a, b] = [
      [-1, 0.5],
      [2, 1],
    ] as const
    const at = ([s, t]: readonly [number, number]) =>
      origin.map((value, i) => value + s * u[i]! + t * v[i]!)
    const {kinks} = await countRegionsAlong(network, at(a), at(b))
    near((await countRegionsAlong(slice, a, b)).kinks, kinks, {relative: 1e-9, scale: 1})
  }),
)

plane('with a right angle and length 1 a disc is a slice of the ball', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('slice'), [3, 6, 6])))
  const ball = await countRegions(network, [0.1, 0, 0.2], 0.8)
  const slice = await restrictToPlane(network, [0.1, 0, 0.2], [0, 0.6, 0.8], [1, 0, 0])
  const disc = await countRegions(slice, [0, 0], 0.8)
  assert.ok(disc.regions > 3 && disc.regions <= ball.regions, `${disc.regions} of ${ball.regions}`)
  // A slice of a slice is the same plane again.
  const turned = await restrictToPlane(slice, [0, 0], [0, 1], [-1, 0])
  assert.equal(await countRegions(turned, [0, 0], 0.8), disc)
})

plane('refuses directions on one line', async () => {
  const network = readNetwork(mlpModel(randomMlp(draws('line'), [3, 4])))
  for (const v of [
    [2, 4, 6],
    [-1, -2, -3],
    [0, 0, 0],
  ]) {
    await rejects(
      restrictToPlane(network, [0, 0, 0], [1, 2, 3], v),
      /u, v: expected two directions/,
    )
  }
  await rejects(restrictToPlane(network, [0, 0], [1, 2, 3], [1, 0, 0]), /origin: expected/)
})

polygonsOf.run()
plane.run()

import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type BoundTools, boundLayers, type LayerBounds} from '../../../src/bounds/bound-layers.js'
import {unbounded} from '../../../src/bounds/deviations.js'
import {nearestBoundaries} from '../../../src/distance/distance.js'
import type {Forward} from '../../../src/forward/forward.js'
import {
  type Measured,
  type MeasureRequest,
  type Method,
  measureNetwork,
  readNetwork,
} from '../../../src/index.js'
import {assumeCosts, type Costs} from '../../../src/on-device/costs.js'
import {spareReading} from '../../../src/on-device/spare-reading.js'
import {readPoints} from '../../../src/points.js'
import {withSession} from '../../../src/session.js'
import {backends, useBackend} from '../../support/backends.js'
import {multiplyCoarsely} from '../../support/coarse-products.js'
import {countReadings} from '../../support/count-readings.js'
import {draws} from '../../support/draw.js'
import {type Mlp, mlp64, mlpModel, randomMlp} from '../../support/mlp.js'
import {near} from '../../support/near.js'
import {evaluate} from '../../support/network64.js'
import {referenceModel, references} from '../../support/reference.js'
import {checkCounts, checkDistance} from '../../support/reference-checks.js'
import {randomPoints, searchBall} from '../../support/samples.js'
import {keepsTensors} from '../../support/tensors.js'

/** Reading is free, or dear enough for every row. */
const free: Costs = {wait: 0, operation: 0, multiplyAdd: 0}
const dear: Costs = {wait: 1000, operation: 0, multiplyAdd: 0}

const isSpared = ({timings}: Measured) =>
  Object.keys(timings).filter((name) => name.endsWith(' without reading back'))

const radiiOf = (points: number, ...radii: number[]) =>
  radii.map((r) => ({rule: `${r}`, radius: new Float64Array(points).fill(r)}))

/** Costs at which reading is worth the rows of so many units of the layer where these cost most, and more of the others. */
function dearFor({program}: BoundTools, points: number, units: number): Costs {
  const {kinks, instructions} = program
  const each = kinks.map(({layer, input}) => {
    const sides = layer < kinks.length - 1 ? 2 : 1
    return instructions
      .slice(0, input)
      .reduce(
        (sum, item) =>
          sum + (item.kind === 'affine' ? sides * item.map.fanIn * item.map.outputSize : 0),
        0,
      )
  })
  return {...dear, multiplyAdd: (4 * dear.wait) / (points * Math.max(...each) * (units + 0.5))}
}

/** The network read once and run at the points. */
async function onForward(
  model: tf.LayersModel,
  points: number[][],
  use: (tools: BoundTools, forward: Forward) => Promise<void>,
): Promise<void> {
  const network = readNetwork(model)
  const read = await readPoints('points', points, network.inputShape)
  assumeCosts(free)
  await withSession(network, read, 2 ** 26, ({tools, eachChunk}) =>
    eachChunk('all', (forward) => use(tools, forward)),
  )
}

function manySlopes(): tf.LayersModel {
  const random = draws('slopes')
  const model = tf.sequential()
  for (const [layer, units] of [9, 8, 7].entries()) {
    const alpha = tf.tensor1d(Array.from({length: units}, () => random.pick([0, 0.1, 0.5, 1])))
    const first = layer === 0 && {inputShape: [6]}
    model.add(tf.layers.dense({units, biasInitializer: 'randomNormal', ...first}))
    model.add(tf.layers.prelu({weights: [alpha]}))
  }
  return model
}

function convolutional(): tf.LayersModel {
  const relu = {activation: 'relu', biasInitializer: 'randomNormal'} as const
  return tf.sequential({
    layers: [
      tf.layers.conv2d({filters: 3, kernelSize: 3, inputShape: [6, 6, 2], ...relu}),
      tf.layers.conv2d({filters: 2, kernelSize: 2, strides: 2, ...relu}),
      tf.layers.flatten(),
      tf.layers.dense({units: 7, ...relu}),
      tf.layers.dense({units: 2}),
    ],
  })
}

/** Rows of the first layer whose squares are 0 in float32. */
function tiny(): Mlp {
  const {layers, slope} = randomMlp(draws('tiny'), [20, 8, 7, 6])
  const scale = (values: readonly number[]) => values.map((v) => v * 1e-22)
  const scaled = layers.map(({kernel, bias}, l) => ({
    kernel: l === 0 ? kernel.map(scale) : kernel,
    bias: scale(bias),
  }))
  return {layers: scaled, slope}
}

for (const backend of backends) {
  const test = suite(`measuring without reading back on ${backend}`)
  test.before(() => useBackend(backend))
  test.after.each(() => assumeCosts(undefined))

  /** Everything of a request, read between layers and not. */
  async function bothWays(model: tf.LayersModel, points: number[][], request: MeasureRequest) {
    const network = readNetwork(model)
    assumeCosts(free)
    const reading = await measureNetwork(network, points, request)
    assert.equal(isSpared(reading), [])
    assumeCosts(dear)
    const sparing = await keepsTensors(() => measureNetwork(network, points, request))
    return {reading, sparing}
  }

  const everything = (points: number): MeasureRequest => ({
    norms: ['l2', 'linf'],
    methods: ['crown', 'combined'],
    countings: ['product'],
    radii: radiiOf(points, 0.02, 0.1, 0.4),
  })

  const chains: Record<string, () => tf.LayersModel> = {
    'a wide first layer': () => mlpModel(randomMlp(draws(1), [40, 12, 10, 8, 9])),
    'a narrow first layer': () => mlpModel(randomMlp(draws(2), [3, 12, 10, 8, 9])),
    'a leaky slope': () => mlpModel(randomMlp(draws(3), [6, 8, 9, 7], 0.2)),
    'a slope for each unit': () => manySlopes(),
    convolutions: () => convolutional(),
    'numbers whose squares leave float32': () => mlpModel(tiny()),
  }
  for (const [name, build] of Object.entries(chains)) {
    test(`${name}: all is as it is with reading`, async () => {
      const model = build()
      const size = model.inputs[0]!.shape.slice(1).reduce<number>((a, b) => a * b!, 1)
      const points = randomPoints(draws(name), 7, size)
      const {reading, sparing} = await bothWays(model, points, everything(7))
      const names = ['distance l2', 'distance linf', 'bound crown', 'bound combined']
      assert.equal(
        isSpared(sparing),
        names.map((each) => `${each} without reading back`),
      )
      sparing.distances.forEach(({distance, layer, unit}, n) => {
        const wanted = reading.distances[n]!
        near(distance, wanted.distance, {relative: 1e-6})
        assert.equal([layer, unit], [wanted.layer, wanted.unit])
      })
      assert.equal(sparing.bounds, reading.bounds)
      assert.ok(
        reading.bounds.some(({unstable}) =>
          unstable.slice(1).some((layer) => Math.max(...layer) > 0),
        ),
      )
    })
  }

  /** Bounds both ways; holds all of one to those of the other. */
  async function sameBounds(
    tools: BoundTools,
    forward: Forward,
    radius: Float64Array,
    costs: Costs,
    method: Method = 'combined',
    larger: LayerBounds | undefined = undefined,
  ): Promise<LayerBounds> {
    const spared: string[] = []
    const roundTrips = {costs, spared: (what: string) => spared.push(what)}
    const bound = (own: BoundTools) => boundLayers(own, forward, radius, method, larger, false)
    // Where reading is fast, rows of decided units stop on their way.
    const wanted = await bound({...tools, roundTrips: undefined})
    const found = await bound({...tools, roundTrips})
    assert.equal(spared, [`bound ${method}`])
    for (const kind of ['bare', 'deviations'] as const) {
      wanted[kind].forEach((own, layer) => {
        for (const side of ['below', 'above'] as const) {
          const label = `${method}, ${kind} of layer ${layer}, ${side}`
          near(found[kind][layer]![side], own[side], {relative: 1e-5, label})
        }
      })
    }
    return found
  }

  test('the bounds of all units are those of reading, decided or not', async () => {
    const points = randomPoints(draws('units'), 9, 12)
    const model = mlpModel(randomMlp(draws('units'), [12, 16, 16, 16, 16]))
    await onForward(model, points, async (tools, forward) => {
      const radius = Float64Array.from(points, (_, p) => 0.05 + 0.02 * p)
      for (const method of ['crown', 'combined'] as const) {
        for (const rows of [16, 9]) {
          const costs = dearFor(tools, 9, rows)
          const larger = await sameBounds(tools, forward, radius, costs, method)
          const smaller = radius.map((r) => r / 3)
          await sameBounds(tools, forward, smaller, costs, method, larger)
        }
      }
    })
  })

  test('what is decided on a part of the balls is taken over', async () => {
    const points = randomPoints(draws('part'), 9, 12)
    const model = mlpModel(randomMlp(draws('part'), [12, 16, 16, 16]))
    await onForward(model, points, async (tools, forward) => {
      const unknown = () => forward.kinks.map(({center}) => unbounded(center.length))
      const known = {deviations: unknown(), bare: unknown(), reported: []}
      forward.kinks.forEach(({center, gap, rounding}, layer) => {
        for (let at = 0; at < center.length; at += 3) {
          const side = center[at]! > 0 ? 'below' : 'above'
          known.bare[layer]![side][at] = gap[at]! + rounding[at]!
          known.deviations[layer]![side][at] = gap[at]! * (1 - 2 ** -23)
        }
      })
      const radius = new Float64Array(9).fill(0.3)
      const found = await sameBounds(tools, forward, radius, dear, 'combined', known)
      const free = await boundLayers(tools, forward, radius, 'combined', undefined, false)
      const open = ({deviations}: LayerBounds) =>
        deviations.map(({below, above}, layer) => {
          const kinks = forward.kinks[layer]!
          return kinks.center.filter((_, at) => kinks.openSides(at, below[at]!, above[at]!) > 0)
            .length
        })
      const [fewer, all] = [open(found), open(free)]
      fewer.forEach((count, layer) => {
        assert.ok(count < all[layer]!, `layer ${layer}: ${count} of ${all[layer]}`)
      })
    })
  })

  test('what changes its sign in the ball is unstable', async () => {
    const random = draws('sound')
    const mlp = randomMlp(random, [5, 9, 9, 9])
    const network64 = mlp64(mlp)
    const points = randomPoints(random, 4, 5)
    const radius = 0.3
    await onForward(mlpModel(mlp), points, async (tools, forward) => {
      const radii = new Float64Array(4).fill(radius)
      const roundTrips = {costs: dear, spared: () => undefined}
      const {deviations} = await boundLayers(
        {...tools, roundTrips},
        forward,
        radii,
        'combined',
        undefined,
        false,
      )
      points.forEach((center, p) => {
        const before = evaluate(network64, Float64Array.from(center)).layers
        for (const x of searchBall(random, network64, center, radius, 100)) {
          evaluate(network64, x).layers.forEach(({read}, layer) => {
            const {below, above} = deviations[layer]!
            read.forEach(([z], unit) => {
              const moved = z! - before[layer]!.read[unit]![0]!
              const at = p * read.length + unit
              const most = moved < 0 ? below[at]! : above[at]!
              assert.ok(
                Math.abs(moved) <= most,
                `layer ${layer}, unit ${unit}: ${moved} of ${most}`,
              )
            })
          })
        }
      })
    })
  })

  test('how often is read does not grow with the layers', async () => {
    const readings: number[] = []
    for (const layers of [3, 6]) {
      const model = mlpModel(randomMlp(draws('deep'), [9, ...new Array(layers).fill(12)]))
      const points = randomPoints(draws('deep'), 5, 9)
      await onForward(model, points, async (tools, forward) => {
        const radius = new Float64Array(5).fill(0.1)
        const roundTrips = {costs: dear, spared: () => undefined}
        const own = {...tools, roundTrips}
        // Norms are computed once a snapshot.
        for (const kind of ['plain', 'normalised'] as const) {
          for (const item of tools.program.kinks) await tools.balls(kind).reach(item.input)
        }
        for (const method of ['crown', 'combined'] as const) {
          readings.push(
            await countReadings(() => boundLayers(own, forward, radius, method, undefined, false)),
          )
        }
        for (const norm of ['l2', 'linf'] as const) {
          readings.push(await countReadings(() => nearestBoundaries(own, forward, norm)))
        }
      })
    }
    // The distance reads gradient bounds (in l_inf of both kinds), the rows tried first, and the other ones where there are any.
    const most = [1, 1, 3, 4, 1, 1, 3, 4]
    assert.equal(
      readings.map((count, k) => count > 0 && count <= most[k]!),
      most.map(() => true),
      `${readings}`,
    )
  })

  const inJavaScript = backend === 'cpu' ? test : test.skip
  inJavaScript('products that are coarser than those of float32 are read', async () => {
    const undo = multiplyCoarsely()
    try {
      const points = randomPoints(draws('coarse'), 3, 5)
      assumeCosts(dear)
      const network = readNetwork(mlpModel(randomMlp(draws('coarse'), [5, 8, 8, 8])))
      const found = await measureNetwork(network, points, everything(3))
      assert.equal(isSpared(found), [
        'distance l2 without reading back',
        'distance linf without reading back',
      ])
    } finally {
      undo()
    }
  })

  test('points with more open units than rows are bounded by reading', async () => {
    const model = mlpModel(randomMlp(draws('open'), [12, 20, 20, 20]))
    const points = randomPoints(draws('open'), 12, 12)
    await onForward(model, points, async (tools, forward) => {
      const radius = Float64Array.from(points, (_, p) => (p % 2 ? 1 : 0.01))
      const read = await boundLayers(tools, forward, radius, 'combined', undefined, false)
      const asked: number[] = []
      const request = {
        forward,
        radius,
        inflation: 1,
        together: true,
        balls: tools.balls('normalised'),
        larger: undefined,
      }
      const own = {...tools, roundTrips: {costs: dearFor(tools, 12, 8), spared: () => undefined}}
      const found = await spareReading(own, 'it', request, async (rest, radii) => {
        asked.push(...radii)
        return boundLayers(tools, rest, radii, 'combined', undefined, false)
      })
      assert.equal(asked, new Array(6).fill(1))
      found!.deviations.forEach(({below}, layer) => {
        const units = below.length / 12
        const wanted = read.deviations[layer]!.below
        for (let p = 1; p < 12; p += 2) {
          const range = [p * units, (p + 1) * units] as const
          near(below.subarray(...range), wanted.subarray(...range), {relative: 1e-6})
        }
      })
    })
  })

  for (const reference of references) {
    test(`${reference.name}: the reference values hold`, async () => {
      const {centers, expected} = reference
      const radii = expected[0]!.balls.map(({radius}) => radius)
      assumeCosts(dear)
      const {distances, bounds} = await measureNetwork(
        readNetwork(referenceModel(reference)),
        centers,
        {
          norms: ['l2', 'linf'],
          methods: ['crown', 'combined'],
          countings: ['product'],
          radii: radiiOf(centers.length, ...radii),
        },
      )
      expected.forEach((wanted, c) => {
        checkDistance(distances[0]!.distance[c]!, wanted.distance, `center ${c}`)
        checkDistance(distances[1]!.distance[c]!, wanted.distanceLinf, `center ${c}`)
        bounds.forEach(({method, unstable, active, log2Regions}, b) => {
          const counts = [unstable, active].map((layers) => layers.map((own) => own[c]!))
          const ball = wanted.balls[b % radii.length]!
          checkCounts(method, ball, counts[0]!, counts[1]!, log2Regions[c]!)
        })
      })
    })
  }

  test.run()
}

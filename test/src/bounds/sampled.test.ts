import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {methods, preactivationBounds, readNetwork, sphereBound} from '../../../src/index.js'
import {useBackend} from '../../support/backends.js'
import {evaluate, type Network64, type Passed, pattern} from '../../support/network64.js'
import {forRandomNetworks} from '../../support/random-network.js'
import {randomPoints, searchBall} from '../../support/samples.js'

const test = suite('bounds against samples')
const centersEach = 3

/** Layers that add numbers up before every kink. */
const affineFirst = [
  'dense',
  'denseRelu',
  'denseRelu6',
  'dense leakyReLU',
  'dense prelu',
  'dense hardSigmoid',
  'dense reLUWithMaximum',
  'batchNormalization activation',
  'conv2dRelu',
  'conv2d leakyReLU',
  'conv1d reLU',
  'depthwiseConv2d reLU',
  'separableConv2d reLU',
  'averagePooling2d',
  'averagePooling1d',
  'conv2d maxPooling2d',
  'conv1d maxPooling1d',
  'toImage',
  'toSequence',
  'permute',
  'upSampling2d',
  'zeroPadding2d',
  'add dense',
  'average dense',
  'concatenate dense',
  'rescaling',
  'dropout',
]

test.before(() => useBackend('cpu'))

test('what is sampled in the ball stays within the bounds of every method, the center too', () =>
  forRandomNetworks(45, {types: affineFirst}, async ({model, network64, inputSize}, random) => {
    const network = readNetwork(model)
    const centers = randomPoints(random, centersEach, inputSize)
    const radius = random.pick([0.01, 0.1, 0.5, 2])
    const samples = centers.map((center) => [
      Float64Array.from(center),
      ...searchBall(random, network64, center, radius, 40),
    ])
    for (const method of methods) {
      const {lower, upper} = await preactivationBounds(network, centers, radius, {method})
      samples.forEach((points, c) => {
        const atCenter = evaluate(network64, points[0]!).layers
        for (const x of points) {
          evaluate(network64, x).layers.forEach((layer, l) => {
            decisive(layer, atCenter[l]!).forEach((z, unit, all) => {
              const at = c * all.length + unit
              const where = `${method} at ${radius}, layer ${l}, unit ${unit}`
              assert.ok(z >= lower[l]![at]!, `${where}: ${z} is below ${lower[l]![at]}`)
              assert.ok(z <= upper[l]![at]!, `${where}: ${z} is above ${upper[l]![at]}`)
            })
          })
        }
      })
    }
  }))

test('what is seen in the ball is at most what is counted, and that at most what all space holds', () =>
  forRandomNetworks(35, {}, async ({model, network64, inputSize}, random) => {
    const network = readNetwork(model)
    const centers = randomPoints(random, centersEach, inputSize)
    const radius = random.pick([0.05, 0.3, 1, 4])
    for (const method of methods) {
      const counts = await sphereBound(network, centers, radius, {method})
      centers.forEach((center, c) => {
        // The closed ball's surface belongs to no open ball.
        const points = searchBall(random, network64, center, radius * 0.999999, 60)
        const seen = new Set(points.map((x) => pattern(network64, x))).size
        const bound = counts.log2Regions[c]!
        assert.ok(Math.log2(seen) <= bound + 1e-9, `${method}: ${seen} patterns, ${bound} bits`)
        changes(network64, points).forEach((changed, l) => {
          const unstable = counts.unstable[l]![c]!
          assert.ok(changed <= unstable, `${method}, layer ${l}: ${changed} of ${unstable}`)
          const known = unstable + counts.active[l]![c]!
          assert.ok(known <= network.layers[l]!.units, `${method}, layer ${l}: ${known} units`)
        })
      })
    }
  }))

/** What a layer's bounds are of: z, or the lead of the center's winner over its best rival. */
function decisive({piece, read}: Passed, {won}: Passed): number[] {
  if (piece.kind === 'kink') return read.map((row) => row[0]!)
  return piece.groups.map((group, unit) => {
    const winner = won[unit]!
    const rivals = group.filter((other) => other !== winner)
    return Math.min(...rivals.map((rival) => read[winner]![0]! - read[rival]![0]!))
  })
}

/** Per layer: the units that are seen strictly on both sides of a kink, or with two clear winners. */
function changes(network: Network64, points: readonly Float64Array[]): number[] {
  const seen = points.map((x) => evaluate(network, x).layers)
  return seen[0]!.map(({piece, won}, l) => {
    const layers = seen.map((layer) => layer[l]!)
    const changed = (_: number, unit: number) => {
      if (piece.kind === 'kink') {
        const values = layers.map(({read}) => read[unit]![0]!)
        return piece
          .bends(unit)
          .thresholds.some((t) => values.some((z) => z > t) && values.some((z) => z < t))
      }
      const clear = layers.filter((layer) => decisive(layer, layer)[unit]! > 0)
      return new Set(clear.map((layer) => layer.won[unit])).size > 1
    }
    return won.filter(changed).length
  })
}

test.run()

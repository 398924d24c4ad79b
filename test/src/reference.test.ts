import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  distanceToBoundary,
  type Method,
  methods,
  type Network,
  preactivationBounds,
  readNetwork,
  sphereBound,
} from '../../src/index.js'
import {backends, useBackend} from '../support/backends.js'
import {referenceModel, references} from '../support/reference.js'
import {checkBounds, checkCounts, checkDistance, checkFlats} from '../support/reference-checks.js'

for (const backend of backends) {
  for (const reference of references) {
    const test = suite(`${reference.name} on ${backend}`)
    let network: Network
    test.before(async () => {
      await useBackend(backend)
      network = readNetwork(referenceModel(reference))
    })
    const {centers, expected} = reference

    test('distance to the boundary', async () => {
      const {distance, layer, unit} = await distanceToBoundary(network, centers)
      expected.forEach((wanted, c) => {
        checkDistance(distance[c]!, wanted.distance, `center ${c}`)
        assert.is(layer[c], wanted.distanceLayer)
        assert.is(unit[c], wanted.distanceNeuron)
      })
    })

    test('distance in the largest norm', async () => {
      const {distance} = await distanceToBoundary(network, centers, {norm: 'linf'})
      expected.forEach(({distanceLinf}, c) => {
        checkDistance(distance[c]!, distanceLinf, `center ${c}`)
      })
    })

    expected[0]!.balls.forEach(({radius}, k) => {
      const balls = expected.map((center) => center.balls[k]!)
      for (const method of methods) {
        test(`${method} at radius ${radius}`, async () => {
          const options = {method: method as Method}
          const bounds = await preactivationBounds(network, centers, radius, options)
          const counting = 'product'
          const counts = await sphereBound(network, centers, radius, {...options, counting})
          const flats = await sphereBound(network, centers, radius, {...options, counting: 'flats'})
          assert.equal(flats.unstable, counts.unstable)
          balls.forEach((ball, c) => {
            network.layers.forEach(({units}, l) => {
              const own = (all: Float32Array[]) => all[l]!.subarray(c * units, (c + 1) * units)
              checkBounds(method, ball, l, own(bounds.lower), own(bounds.upper))
            })
            const unstable = counts.unstable.map((layer) => layer[c]!)
            const active = counts.active.map((layer) => layer[c]!)
            checkCounts(method, ball, unstable, active, counts.log2Regions[c]!)
            checkFlats(ball, flats.log2Regions[c]!, counts.log2Regions[c]!)
          })
        })
      }
    })
    test.run()
  }
}

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
import {near} from '../support/near.js'
import {type ReferenceBall, referenceModel, references} from '../support/reference.js'

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
        const error = Math.abs(distance[c]! - wanted.distance)
        const close = error <= Math.max(1e-4 * wanted.distance, 2e-6)
        assert.ok(close, `center ${c}: expected ${wanted.distance}, got ${distance[c]}`)
        assert.is(layer[c], wanted.distanceLayer)
        assert.is(unit[c], wanted.distanceNeuron)
      })
    })

    test('distance in the largest norm', async () => {
      const {distance} = await distanceToBoundary(network, centers, {norm: 'linf'})
      expected.forEach(({distanceLinf}, c) => {
        const error = Math.abs(distance[c]! - distanceLinf)
        const close = error <= Math.max(1e-4 * distanceLinf, 2e-6)
        assert.ok(close, `center ${c}: expected ${distanceLinf}, got ${distance[c]}`)
      })
    })

    expected[0]!.balls.forEach(({radius}, k) => {
      const balls = expected.map((center) => center.balls[k]!)
      for (const method of methods) {
        test(`${method} at radius ${radius}`, async () => {
          const options = {method: method as Method}
          const bounds = await preactivationBounds(network, centers, radius, options)
          const counts = await sphereBound(network, centers, radius, options)
          balls.forEach((ball, c) => {
            network.layers.forEach(({units}, l) => {
              const own = (all: Float32Array[]) => all[l]!.subarray(c * units, (c + 1) * units)
              checkBounds(method, ball, l, own(bounds.lower), own(bounds.upper))
            })
            const unstable = counts.unstable.map((layer) => layer[c]!)
            const active = counts.active.map((layer) => layer[c]!)
            checkCounts(method, ball, unstable, active, counts.log2Regions[c]!)
          })
        })
      }
    })
    test.run()
  }
}

function checkBounds(
  method: Method,
  ball: ReferenceBall,
  layer: number,
  lower: Float32Array,
  upper: Float32Array,
): void {
  const label = `radius ${ball.radius}, layer ${layer}`
  if (method === 'interval' || method === 'crown') {
    const wanted = ball.methods[method]!
    near(lower, wanted.lower[layer]!, {relative: 1e-4, scale: 0.5, label: `lower, ${label}`})
    near(upper, wanted.upper[layer]!, {relative: 1e-4, scale: 0.5, label: `upper, ${label}`})
    return
  }
  const wanted = ball.methods[method === 'spectral' ? 'spectral' : 'crown']!
  wanted.lower[layer]!.forEach((wantedLower, unit) => {
    const width = wanted.upper[layer]![unit]! - wantedLower
    const got = upper[unit]! - lower[unit]!
    if (method === 'spectral') {
      assert.ok(
        got >= width * (1 - 1e-6),
        `${label}, unit ${unit}: ${got} is narrower than ${width}`,
      )
      assert.ok(got <= width * 1.1 + 1e-5, `${label}, unit ${unit}: ${got} is wider than ${width}`)
    } else {
      // A tighter bound below can flip a slope above it, so a unit may be a little wider.
      assert.ok(
        got <= width * 1.5 + 1e-4,
        `${label}, unit ${unit}: ${got} against CROWN's ${width}`,
      )
    }
  })
}

function checkCounts(
  method: Method,
  ball: ReferenceBall,
  unstable: number[],
  active: number[],
  log2Regions: number,
): void {
  const label = `radius ${ball.radius}`
  if (method === 'combined') {
    const crown = ball.methods.crown!
    assert.ok(log2Regions <= crown.log2Regions + 1 + 1e-9, `${label}: ${log2Regions} bits`)
  } else if (method === 'spectral') {
    unstable.forEach((count, l) => {
      assert.ok(count >= ball.methods.spectral!.unstable[l]!, `${label}, layer ${l}: ${count}`)
    })
  } else {
    const wanted = ball.methods[method]!
    assert.equal(unstable, wanted.unstable, label)
    assert.equal(active, wanted.active, label)
    near([log2Regions], [wanted.log2Regions], {relative: 1e-9, scale: 1, label})
  }
  if (ball.exactRegions) {
    const exact = Math.log2(ball.exactRegions)
    assert.ok(log2Regions >= exact - 1e-9, `${label}: ${log2Regions} bits below ${exact}`)
  }
}

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {boundLayers} from '../../../src/bounds/bound-layers.js'
import {countRegions} from '../../../src/bounds/count-regions.js'
import {readNetwork} from '../../../src/index.js'
import {readPoints} from '../../../src/points.js'
import {withSession} from '../../../src/session.js'
import {backends, useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {zoo} from '../../support/layer-zoo.js'
import {randomPoints} from '../../support/samples.js'

for (const backend of backends) {
  const test = suite(`rows that are needed, and all of them, on ${backend}`)
  test.before(() => useBackend(backend))

  for (const specimen of zoo) {
    test(`${specimen.name}: the same units are unstable`, async () => {
      const model = specimen.build(3)
      const network = readNetwork(model)
      const size = specimen.inputShape.reduce((a, b) => a * b, 1)
      const centers = randomPoints(draws(specimen.name), 3, size)
      const points = await readPoints('centers', centers, network.inputShape)
      let [sum, more] = [0, 0]
      await withSession(network, points, 2 ** 29, (session) =>
        session.eachChunk('count', async (forward) => {
          const {tools} = session
          for (const method of ['crown', 'combined'] as const) {
            for (const r of [0.02, 0.15, 0.6]) {
              const radius = new Float64Array(points.count).fill(r)
              const unstable = async (all: boolean) => {
                const bounds = await boundLayers(tools, forward, radius, method, undefined, all)
                const deviations = all ? bounds.reported : bounds.deviations
                return countRegions(tools.program, forward, {...bounds, deviations}).unstable
              }
              const [needed, every] = [await unstable(false), await unstable(true)]
              needed.forEach((ofLayer, layer) => {
                ofLayer.forEach((count, point) => {
                  const other = every[layer]![point]!
                  const said = `${method}, radius ${r}, layer ${layer}, point ${point}`
                  assert.ok(count >= other, `${said}: ${count} of ${other} unstable`)
                  sum += other
                  more += count - other
                })
              })
            }
          }
        }),
      )
      assert.ok(sum > 0)
      // A unit that is decided before its row is at the input may leave a bound of a later layer wider.
      assert.ok(more <= Math.max(1, 0.02 * sum), `${more} more than ${sum} unstable`)
      model.dispose()
    })
  }

  test.run()
}

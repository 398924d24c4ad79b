import {spawnSync} from 'node:child_process'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {Alone, FoundAlone} from '../support/measure-alone.js'
import {near} from '../support/near.js'

const megabyte = 2 ** 20

/** Measures in a process of its own, whose peak is then of nothing else. */
function measureAlone(alone: Alone): FoundAlone {
  const {status, stdout, stderr} = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'test/support/measure-alone.ts', JSON.stringify(alone)],
    {encoding: 'utf8', timeout: 100_000},
  )
  if (status !== 0) throw new Error(`exit code ${status}\n${stdout}\n${stderr}`)
  return JSON.parse(stdout.trim().split('\n').at(-1)!)
}

interface Case {
  readonly alone: Alone
  readonly units: readonly number[]
}

const cases: readonly Case[] = [
  {
    alone: {network: 'convolutional', points: 3, radius: 0.003},
    units: [32 * 32 * 16, 16 * 16 * 32, 8 * 8 * 32, 64],
  },
  {
    // deeper, and a whole sweep of rows holds tensors of every layer
    alone: {network: 'residual', points: 1, radius: 0.0003, memory: 128 * megabyte},
    units: [8192, 8192, 8192, 4096, 4096, 2048, 2048],
  },
]

for (const {alone, units} of cases) {
  const test = suite(`a ${alone.network} network on images of 32 x 32 x 3`)
  let ample: FoundAlone
  let scarce: FoundAlone

  test('stays under 2 GB and leaves no tensor behind', () => {
    ample = measureAlone(alone)
    assert.equal(ample.units, units)
    assert.ok(ample.peak < 2 ** 31, `${Math.round(ample.peak / megabyte)} MB`)
    assert.is(ample.leaked, 0)
  })

  test('gives the same in less memory', () => {
    scarce = measureAlone({...alone, memory: (alone.memory ?? 256 * megabyte) / 4})
    const [less, more] = [scarce, ample].map(({peak, start}) => peak - start) as [number, number]
    // Below that it is the process itself, the weights and what is kept of each point.
    assert.ok(less < Math.max(0.8 * more, 192 * megabyte), `${less} against ${more}`)
    ample.distances.forEach(({distance, layer, unit}, k) => {
      const other = scarce.distances[k]!
      near(other.distance, distance, {relative: 1e-6})
      assert.equal([other.layer, other.unit], [layer, unit])
    })
    assert.equal(scarce.bounds, ample.bounds)
  })

  test('distances and bounds agree with each other', () => {
    const [l2, linf] = ample.distances
    const [spectral, interval, combined] = ample.bounds
    const methods = ample.bounds.map(({method}) => method)
    assert.equal(
      [l2!.norm, linf!.norm, ...methods],
      'l2 linf spectral interval combined'.split(' '),
    )
    for (let point = 0; point < alone.points; point++) {
      // the ball of one norm lies in that of the other
      const [euclidean, largest] = [l2!.distance[point]!, linf!.distance[point]!]
      assert.ok(largest > 0 && largest <= euclidean * (1 + 1e-6))
      assert.ok(euclidean <= largest * Math.sqrt(3072) * (1 + 1e-6))
      // the nearest boundary lies inside the ball, so that its layer has an unstable unit
      assert.ok(euclidean < alone.radius)
      for (const {unstable, log2Regions} of ample.bounds) {
        assert.ok(unstable[l2!.layer[point]!]![point]! >= 1)
        assert.ok(log2Regions[point]! >= 1 - 1e-9)
      }
      for (const layer of units.keys()) {
        const count = ({unstable}: {unstable: number[][]}) => unstable[layer]![point]!
        assert.ok(count(combined!) <= Math.min(count(spectral!), count(interval!)))
      }
    }
  })

  test.run()
}

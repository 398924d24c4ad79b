import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {backends as known} from '../../scripts/backends/index.js'
import {useBackend} from '../support/backends.js'
import {measureRise, risesSteadily} from '../support/steady-rise.js'
import {takeMany} from './many-snapshots.js'

const test = suite('500 snapshots in a row')
const warmUp = 100
/** What the process may settle by over 400 snapshots: 16 KB a snapshot. */
const settling = 400 * 16 * 2 ** 10

for (const backend of ['wasm', 'tfjs-node'] as const) {
  const missing = known.find(({name}) => name === backend)?.missing?.()
  const run = missing === undefined ? test : test.skip
  run(
    `tensors and resident memory stay, on ${backend}${missing ? ` (${missing})` : ''}`,
    async () => {
      await useBackend(backend)
      const held = (await takeMany(500)).slice(warmUp)
      for (const {tensors, bytes} of held) {
        assert.equal([tensors, bytes], [held[0]!.tensors, held[0]!.bytes])
      }
      const resident = held.map((each) => each.resident)
      const {slope, tau} = measureRise(resident)
      console.log(`${backend}: ${slope.toFixed(0)} bytes a snapshot, tau ${tau.toFixed(2)}`)
      assert.not(risesSteadily(resident, settling), `${slope} bytes a snapshot, tau ${tau}`)
    },
  )
}

test('a leak of 64 KB a snapshot would be found', async () => {
  await useBackend('wasm')
  const kept: Uint8Array[] = []
  const held = await takeMany(500, () => void kept.push(new Uint8Array(2 ** 16).fill(1)))
  assert.ok(
    risesSteadily(
      held.slice(warmUp).map(({resident}) => resident),
      settling,
    ),
  )
  assert.is(kept.length, 500)
})

test.run()

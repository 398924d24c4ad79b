import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {backends, useBackend} from '../support/backends.js'
import {takeMany} from './many-snapshots.js'

const test = suite('many snapshots')

for (const backend of backends) {
  test(`the tensors stay the same from snapshot to snapshot, on ${backend}`, async () => {
    await useBackend(backend)
    const held = await takeMany(8)
    // The first update makes the optimiser's variables.
    for (const {tensors, bytes} of held.slice(1)) {
      assert.equal([tensors, bytes], [held[1]!.tensors, held[1]!.bytes])
    }
  })
}

test.run()

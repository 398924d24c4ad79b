import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {Backend, BackendFacts} from '../../../scripts/backends/backend.js'
import {backends} from '../../../scripts/backends/index.js'
import {loadBackend} from '../../../scripts/backends/load.js'
import {backendNames} from '../../../scripts/backends/names.js'
import type {Proof} from '../../../scripts/backends/prove.js'
import {rejects} from '../../support/rejects.js'

const test = suite('loadBackend')
const facts: BackendFacts = {version: '1.0.0', library: null, device: 'a device', gpu: false}

/** Backends that only note that they were loaded, and a proof that some of them fail. */
function fakes(works: Record<string, boolean>, more: Partial<BackendFacts> = {}) {
  const loaded: string[] = []
  const candidates = Object.keys(works).map(
    (name): Backend => ({
      name,
      package: `package-of-${name}`,
      registeredAs: name,
      load: async () => {
        loaded.push(name)
        return {...facts, ...more}
      },
    }),
  )
  const prove = async ({name}: Backend): Promise<Proof> =>
    works[name] ? {works: true} : {works: false, why: `${name} is broken`}
  return {candidates, prove, loaded}
}

test('the first that works is taken, and nothing else is loaded', async () => {
  const {candidates, prove, loaded} = fakes({one: false, two: true, three: true})
  assert.equal(await loadBackend({candidates, prove}), {
    name: 'two',
    package: 'package-of-two',
    ...facts,
    refused: [{name: 'one', why: 'one is broken'}],
    warnings: [],
  })
  assert.equal(loaded, ['two'])
})

test('a forced one is taken although others work, or refused with the reason', async () => {
  const {candidates, prove, loaded} = fakes({one: true, two: true, three: false})
  const chosen = await loadBackend({name: 'two', candidates, prove})
  assert.is(chosen.name, 'two')
  assert.equal(chosen.refused, [{name: 'one', why: 'not tried: --backend two was given'}])
  await rejects(
    loadBackend({name: 'three', candidates, prove}),
    /^backend: three cannot be had: three is broken$/,
  )
  assert.equal(loaded, ['two'])
})

test('no backend at all, and an unknown one, are errors that say everything', async () => {
  const {candidates, prove} = fakes({one: false, two: false})
  await rejects(
    loadBackend({candidates, prove}),
    /^backend: none of them works here \(one: one is broken; two: two is broken\)$/,
  )
  await rejects(
    loadBackend({name: 'tpu', candidates, prove}),
    /^backend: expected one of one, two, got "tpu"$/,
  )
})

test('tfjs-node-gpu without a GPU is said loudly', async () => {
  const library = 'TensorFlow 9.9'
  const without = fakes({'tfjs-node-gpu': true}, {library})
  assert.match(
    (await loadBackend(without)).warnings.join(),
    /^tfjs-node-gpu computes on the CPU: TensorFlow 9\.9 found no GPU/,
  )
  const having = fakes({'tfjs-node-gpu': true}, {library, gpu: true})
  assert.equal((await loadBackend(having)).warnings, [])
})

test('native TensorFlow is preferred, then WebAssembly, then plain JavaScript', () => {
  const order = ['tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu']
  assert.equal(
    backends.map(({name}) => name),
    order,
  )
  assert.equal(backendNames, order)
})

test('what it says of this machine is what runs', async () => {
  const greetings: unknown[] = []
  const {warn} = console
  console.warn = (...words: unknown[]) => greetings.push(words)
  try {
    const chosen = await loadBackend({name: 'wasm'})
    assert.is(tf.getBackend(), 'wasm')
    assert.is(chosen.version, tf.version_core)
    assert.match(chosen.device, /1 thread/)
    assert.is(chosen.refused.length, 2)
    await tf.setBackend('cpu')
    tf.tensor1d([1]).dispose()
  } finally {
    console.warn = warn
  }
  assert.equal(greetings, [])
})

test.run()

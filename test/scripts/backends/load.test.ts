import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {Backend} from '../../../scripts/backends/backend.js'
import {backends} from '../../../scripts/backends/index.js'
import {loadBackend} from '../../../scripts/backends/load.js'
import {backendNames} from '../../../scripts/backends/names.js'
import type {Proof} from '../../../scripts/backends/prove.js'
import type {Proved} from '../../../scripts/backends/tasks.js'
import {rejects} from '../../support/rejects.js'

const test = suite('loadBackend')
const own = {version: '1.0.0', library: null, device: 'a device', gpu: false}
const facts: Proved = {
  ...own,
  matMul: {size: 256, gflops: 12},
  roundoff: 2 ** -24,
  distanceError: 1e-6,
  boundError: 1e-6,
}

/** Backends that only note that they were loaded, and a proof that some of them fail. */
function fakes(works: Record<string, boolean>, more: Partial<Proved> = {}) {
  const loaded: string[] = []
  const candidates = Object.keys(works).map(
    (name): Backend => ({
      name,
      package: `package-of-${name}`,
      registeredAs: name,
      load: async () => {
        loaded.push(name)
        return {...own, ...more}
      },
    }),
  )
  const prove = async ({name}: Backend): Promise<Proof> =>
    works[name]
      ? {works: true, facts: {...facts, ...more}}
      : {works: false, why: `${name} is broken`}
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

test('products that are rounded to fewer bits than float32 are said loudly', async () => {
  const coarse = fakes({one: true}, {roundoff: 2 ** -11})
  assert.match(
    (await loadBackend(coarse)).warnings.join(),
    /^one rounds matrix products to 2\^-11, not to float32's 2\^-24, .*: bounds are widened by that/,
  )
  assert.equal((await loadBackend(fakes({one: true}, {roundoff: 2 ** -21}))).warnings, [])
})

test('a GPU that is imitated is taken only by its name', async () => {
  const imitated = {imitated: true, device: 'SoftGPU'} as const
  const {candidates, prove} = fakes({one: true, two: true}, imitated)
  await rejects(
    loadBackend({candidates, prove}),
    /none of them works here \(one: SoftGPU imitates a GPU on the processor, slower than wasm; --backend one takes it/,
  )
  const forced = await loadBackend({name: 'two', candidates, prove})
  assert.is(forced.name, 'two')
  assert.is(forced.imitated, true)
})

test('native TensorFlow is preferred, then WebGPU, WebAssembly, plain JavaScript', () => {
  const order = ['tfjs-node-gpu', 'tfjs-node', 'webgpu', 'wasm', 'cpu']
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
    assert.equal(
      chosen.refused.map(({name}) => name),
      backendNames.filter((name) => name !== 'wasm' && name !== 'cpu'),
    )
    assert.ok(chosen.matMul.gflops > 0)
    assert.ok(chosen.roundoff < 2 ** -20)
    await tf.setBackend('cpu')
    tf.tensor1d([1]).dispose()
  } finally {
    console.warn = warn
  }
  assert.equal(greetings, [])
})

test.run()

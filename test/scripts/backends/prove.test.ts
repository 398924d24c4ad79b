import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {cpu} from '../../../scripts/backends/cpu.js'
import {prove} from '../../../scripts/backends/prove.js'
import {selfTest} from '../../../scripts/backends/self-test.js'
import {wasm} from '../../../scripts/backends/wasm.js'
import {temporaryFolder} from '../../support/folder.js'
import {rejects} from '../../support/rejects.js'
import {keepsTensors} from '../../support/tensors.js'

const test = suite('prove')

test('a backend that works is proved, from any working folder', async () => {
  const home = process.cwd()
  process.chdir(temporaryFolder())
  try {
    for (const backend of [wasm, cpu]) {
      const proof = await prove(backend)
      assert.ok(proof.works)
      const {version, matMul, roundoff, distanceError, boundError} = proof.facts
      assert.is(version, tf.version_core)
      assert.ok(matMul.gflops > 0)
      assert.ok(roundoff >= 2 ** -24 && roundoff < 2 ** -20)
      for (const error of [distanceError, boundError]) assert.ok(error >= 0 && error < 1e-4)
    }
  } finally {
    process.chdir(home)
  }
})

test('a backend known to be missing is not tried', async () => {
  const missing = {...cpu, name: 'none', missing: () => 'not there'}
  assert.equal(await prove(missing), {works: false, why: 'not there'})
})

test('one that takes too long is given up', async () => {
  assert.equal(await prove(cpu, {timeout: 1}), {
    works: false,
    why: 'did not answer within 0.001 s',
  })
})

test('one that takes its process with it is refused with its last words', async () => {
  const crash = join(temporaryFolder(), 'crash.cjs')
  const options = process.env.NODE_OPTIONS
  process.env.NODE_OPTIONS = `--require ${crash}`
  const prove1 = async (source: string) => {
    writeFileSync(crash, source)
    return await prove(cpu)
  }
  try {
    assert.equal(await prove1('console.error("first\\nno such instruction"); process.exit(3)'), {
      works: false,
      why: 'ended with code 3 while it was tried: no such instruction',
    })
    assert.equal(await prove1('process.kill(process.pid, "SIGILL"); while (true);'), {
      works: false,
      why: 'was ended by SIGILL while it was tried',
    })
  } finally {
    if (options === undefined) delete process.env.NODE_OPTIONS
    else process.env.NODE_OPTIONS = options
  }
})

test('the self-test passes where numbers are right, and names what is wrong', async () => {
  await tf.setBackend('cpu')
  await keepsTensors(selfTest)
  const {kernelFunc} = tf.getKernel('Relu', 'cpu')
  tf.unregisterKernel('Relu', 'cpu')
  tf.registerKernel({
    kernelName: 'Relu',
    backendName: 'cpu',
    kernelFunc: (call) => kernelFunc({...call, inputs: {x: tf.neg(call.inputs.x as tf.Tensor)}}),
  })
  const before = tf.memory().numTensors
  await rejects(selfTest(), /^its self-test failed: a ReLU gave .* instead of 0, 0, 6, 10, 1, 0$/)
  assert.is(tf.memory().numTensors, before)
  tf.unregisterKernel('Relu', 'cpu')
  tf.registerKernel({kernelName: 'Relu', backendName: 'cpu', kernelFunc})
})

test('a large product that is wrong at its end is named with the place', async () => {
  await tf.setBackend('cpu')
  const {kernelFunc} = tf.getKernel('BatchMatMul', 'cpu')!
  tf.unregisterKernel('BatchMatMul', 'cpu')
  tf.registerKernel({
    kernelName: 'BatchMatMul',
    backendName: 'cpu',
    // As GPUs do beyond a limit of theirs: zeros, and no complaint.
    kernelFunc: (call) => {
      const product = kernelFunc(call) as tf.TensorInfo
      const values = (call.backend as tf.KernelBackend).readSync(product.dataId) as Float32Array
      if (values.length > 1000) values.fill(0, 40_000)
      return product
    },
  })
  await rejects(
    selfTest(),
    /^its self-test failed: a large matrix product gave 0 at 4\d+ instead of -?\d+ at 4\d+$/,
  )
  tf.unregisterKernel('BatchMatMul', 'cpu')
  tf.registerKernel({kernelName: 'BatchMatMul', backendName: 'cpu', kernelFunc})
})

test.run()

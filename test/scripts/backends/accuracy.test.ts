import {readFileSync} from 'node:fs'
import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  measureAccuracy,
  type ReferenceNetwork,
  referenceNetworkFile,
} from '../../../scripts/backends/accuracy.js'
import {describeSpeed} from '../../../scripts/backends/matmul-rate.js'
import {backends, useBackend} from '../../support/backends.js'
import {references} from '../../support/reference.js'
import {keepsTensors} from '../../support/tensors.js'

const test = suite('accuracy')

test('the reference network that is shipped is one of those that the tests use', () => {
  const shipped: ReferenceNetwork = JSON.parse(readFileSync(referenceNetworkFile(), 'utf8'))
  const {radius} = shipped
  const full = references.find(({name}) => name === 'mlp-5d')!
  const balls = full.expected.map((each) => each.balls.find((ball) => ball.radius === radius)!)
  const bounds = (method: 'interval' | 'crown') =>
    balls.map(({methods}) => ({lower: methods[method]!.lower, upper: methods[method]!.upper}))
  assert.equal(shipped, {
    inputDim: full.inputDim,
    layers: full.layers.map((layer) => {
      if (layer.kind !== 'dense') assert.unreachable('expected dense layers')
      const {kernel, bias} = layer as {kernel: number[][]; bias: number[]}
      return {kernel, bias}
    }),
    centers: full.centers,
    distance: full.expected.map(({distance}) => distance),
    radius,
    bounds: {interval: bounds('interval'), crown: bounds('crown')},
  })
})

for (const backend of backends) {
  test(`${backend} is near float64, and nothing leaks`, async () => {
    await useBackend(backend)
    await keepsTensors(async () => {
      const {distanceError, boundError} = await measureAccuracy()
      assert.ok(distanceError < 1e-4, `${distanceError}`)
      // Bounds are widened by the rounding of their layer.
      assert.ok(boundError > 0 && boundError < 1e-4, `${boundError}`)
    })
  })
}

test('an error is found where there is one', async () => {
  await tf.setBackend('cpu')
  const {kernelFunc} = tf.getKernel('BatchMatMul', 'cpu')!
  const replace = (kernel: tf.KernelFunc) => {
    tf.unregisterKernel('BatchMatMul', 'cpu')
    tf.registerKernel({kernelName: 'BatchMatMul', backendName: 'cpu', kernelFunc: kernel})
  }
  replace((call) => {
    const product = kernelFunc(call) as tf.TensorInfo
    const values = (call.backend as tf.KernelBackend).readSync(product.dataId) as Float32Array
    values.forEach((value, at) => {
      values[at] = value * 1.01
    })
    return product
  })
  try {
    const {boundError} = await measureAccuracy()
    assert.ok(boundError > 0.005, `${boundError}`)
  } finally {
    replace(kernelFunc)
  }
})

test('a speed is a number, of the size asked for, and nothing leaks', async () => {
  await useBackend('wasm')
  await keepsTensors(async () => {
    const {matMul, roundoff} = await describeSpeed({size: 64})
    assert.is(matMul.size, 64)
    assert.ok(matMul.gflops > 0 && Number.isFinite(matMul.gflops))
    assert.ok(roundoff < 2 ** -20)
  })
})

test.run()

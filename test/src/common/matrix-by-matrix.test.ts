import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import {matrixByMatrix} from '../../../src/common/matrix-by-matrix.js'
import {backends, useBackend} from '../../support/backends.js'
import {near} from '../../support/near.js'
import {keepsTensors} from '../../support/tensors.js'

for (const backend of backends) {
  const test = suite(`matrixByMatrix on ${backend}`)
  test.before(() => useBackend(backend))

  test('the product of two stacks, of one that is a part of a tensor too', () =>
    keepsTensors(async () => {
      const a = tf.randomNormal([4, 3, 5], 0, 1, 'float32', 1)
      const b = tf.tidy(() => tf.randomNormal([6, 5, 2], 0, 1, 'float32', 2).slice(1, 4))
      const found = matrixByMatrix([a, b], ([left, right]) => tf.matMul(left!, right!))
      const expected = tf.matMul(a, b)
      near(found.dataSync(), expected.dataSync(), {relative: 1e-6, scale: 1})
      tf.dispose([a, b, found, expected])
    }))

  test.run()
}

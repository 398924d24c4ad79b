import {tensor2d, tidy} from '@tensorflow/tfjs'
import {suite} from 'uvu'
import {scaledLengths} from '../../../src/pull/row-lengths.js'
import {backends, useBackend} from '../../support/backends.js'
import {near} from '../../support/near.js'

for (const backend of backends) {
  const test = suite(`lengths of rows on ${backend}`)
  test.before(() => useBackend(backend))

  test('rows of any size next to each other, and none', () => {
    const rows = [1e30, 1, 1e-24, 1e-34, 0].map((size) => [3 * size, -4 * size])
    const lengths = tidy(() => scaledLengths(tensor2d(rows), 1).dataSync())
    near(lengths, [5e30, 5, 5e-24, 5e-34, 0], {relative: 1e-6})
  })

  test.run()
}

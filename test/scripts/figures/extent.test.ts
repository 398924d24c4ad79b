import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {extentOf} from '../../../scripts/figures/extent.js'

test('the least and the greatest of any number of them', () => {
  assert.equal(extentOf([3]), [3, 3])
  const many = Array.from({length: 500_000}, (_, i) => (i * 7919) % 500_000)
  assert.equal(extentOf(many), [0, 499_999])
})

test.run()

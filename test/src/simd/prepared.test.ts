import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {kernels, prepareKernels} from '../../../src/simd/index.js'
import {refuseModules} from '../../support/refuse-modules.js'

test('a page that compiles nothing at once has the kernels from aside', () =>
  refuseModules(new RangeError('the buffer size is larger than 4KB'), async () => {
    assert.throws(() => kernels(), /larger than 4KB/)
    await prepareKernels()
    assert.type(kernels().times, 'function')
  }))

test.run()

import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {kernels, prepareKernels} from '../../../src/simd/index.js'

test('a page that compiles nothing at once has the kernels from aside', async () => {
  const {Module} = WebAssembly
  try {
    WebAssembly.Module = class {
      constructor() {
        throw new RangeError('the buffer size is larger than 4KB')
      }
    } as unknown as typeof Module
    assert.throws(() => kernels(), /larger than 4KB/)
    await prepareKernels()
    assert.type(kernels().times, 'function')
  } finally {
    WebAssembly.Module = Module
  }
})

test.run()

import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {kernels} from '../../../src/simd/index.js'

test('where WebAssembly is refused the error says what to allow, and it is tried again', () => {
  const {Module} = WebAssembly
  try {
    WebAssembly.Module = class {
      constructor() {
        throw new Error('refused by the page')
      }
    } as unknown as typeof Module
    assert.throws(
      () => kernels(),
      /^bounds need WebAssembly with SIMD.*refused by the page.*'wasm-unsafe-eval'/,
    )
  } finally {
    WebAssembly.Module = Module
  }
  assert.type(kernels().times, 'function')
})

test.run()

import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {kernels} from '../../../src/simd/index.js'
import {refuseModules} from '../../support/refuse-modules.js'

test('where WebAssembly is refused the error says what to allow, and it is tried again', async () => {
  await refuseModules(new Error('refused by the page'), () => {
    assert.throws(
      () => kernels(),
      /^bounds need WebAssembly with SIMD.*refused by the page.*'wasm-unsafe-eval'/,
    )
  })
  assert.type(kernels().times, 'function')
})

test.run()

import {readFileSync} from 'node:fs'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {compileKernels, target} from '../../../scripts/kernels/compile.js'

test('what is kept is what the kernels compile to', async () => {
  const made = await compileKernels()
  assert.is(readFileSync(target, 'utf8'), made, 'run `npm run kernels` and keep what it writes')
})

test.run()

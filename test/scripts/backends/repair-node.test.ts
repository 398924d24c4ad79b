import {createRequire} from 'node:module'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {repairNode} from '../../../scripts/backends/repair-node.js'

const test = suite('repairNode')
// As tfjs-node sees it: through require, at the time of the call.
const util = createRequire(import.meta.url)('util') as Record<string, (value: unknown) => boolean>

test('what newer Nodes lack is there for a package that requires util', () => {
  delete util.isNullOrUndefined
  delete util.isArray
  repairNode()
  for (const value of [null, undefined]) assert.is(util.isNullOrUndefined!(value), true)
  for (const value of [0, '', false, {}]) assert.is(util.isNullOrUndefined!(value), false)
  assert.is(util.isArray!([]), true)
  assert.is(util.isArray!({length: 0}), false)
})

test('calling them warns of nothing', async () => {
  const warned: Error[] = []
  const note = (warning: Error) => warned.push(warning)
  process.on('warning', note)
  repairNode()
  util.isNullOrUndefined!(1)
  util.isArray!(1)
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', note)
  assert.equal(warned, [])
})

test.run()

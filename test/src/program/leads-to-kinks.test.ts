import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {leadsToKinks} from '../../../src/program/leads-to-kinks.js'
import {affine, kink, program} from '../../support/bare-program.js'

const test = suite('leadsToKinks')

test('in a chain all but what the last kink makes leads on', () => {
  const chain = program(affine(0), kink(1, 0), affine(2), kink(3, 1), affine(4))
  assert.equal(leadsToKinks(chain), [true, true, true, true, false, false])
})

test('a kink that only the output sees leads nowhere, wherever it stands', () => {
  const side = program(affine(0), kink(1, 0), affine(2), kink(3, 1), affine(2), kink(5, 2))
  assert.equal(leadsToKinks(side), [true, true, true, true, false, true, false])
})

test('a way around a layer leads on', () => {
  // relu(W x) + x, and a kink on the sum
  const residual = program(affine(0), kink(1, 0), affine(0, 2), kink(3, 1))
  assert.equal(leadsToKinks(residual), [true, true, true, true, false])
})

test('a kink on a kink leads on', () => {
  assert.equal(leadsToKinks(program(affine(0), kink(1, 0), kink(2, 1))), [true, true, true, false])
})

test.run()

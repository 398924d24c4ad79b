import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {findBottlenecks} from '../../../src/program/bottlenecks.js'
import {affine, kink, program} from '../../support/bare-program.js'

const test = suite('findBottlenecks')

test('in a chain every layer is one', () => {
  const chain = program(affine(0), kink(1, 0), affine(2), kink(3, 1), kink(4, 2))
  assert.equal(findBottlenecks(chain), [true, true, true])
})

test('a layer with a way around it is none', () => {
  // relu(W x) + x, and a kink on the sum
  const residual = program(affine(0), kink(1, 0), affine(0, 2), kink(3, 1))
  assert.equal(findBottlenecks(residual), [false, true])
})

test('two parallel branches are none, what joins them is one', () => {
  const branches = program(
    affine(0),
    kink(1, 0),
    affine(0),
    kink(3, 1),
    affine(2, 4),
    kink(5, 2),
    affine(6),
    kink(7, 3),
  )
  assert.equal(findBottlenecks(branches), [false, false, true, true])
})

test('a kink in a side branch that ends there is none', () => {
  const side = program(affine(0), kink(1, 0), affine(2), kink(3, 1), affine(2), kink(5, 2))
  assert.equal(findBottlenecks(side), [true, false, true])
})

test.run()

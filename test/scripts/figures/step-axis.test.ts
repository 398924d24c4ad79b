import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {epochLayer, stepAxis} from '../../../scripts/figures/step-axis.js'
import {powersOfTen, roundNumbers} from '../../../scripts/figures/ticks.js'

const test = suite('step axis')

test('steps turn logarithmic at the first one that was measured', () => {
  const axis = stepAxis([0, 63, 126, 630].map((step) => ({step, epoch: step / 63})))
  assert.equal(axis.domain, [0, 630])
  assert.is(axis.constant, 63)
  assert.equal(axis.ticks, [0, 100, 200, 500])
  assert.equal(axis.epochs, {length: 63, ticks: [63, 126, 315, 630]})
})

test('epochs are left out where they differ in length or were not counted', () => {
  const differing = [
    {step: 10, epoch: 1},
    {step: 30, epoch: 2},
  ]
  assert.is(stepAxis(differing).epochs, undefined)
  assert.equal(epochLayer(stepAxis(differing)), [])
  const uncounted = [0, 10, 20].map((step) => ({step, epoch: 0}))
  assert.is(stepAxis(uncounted).epochs, undefined)
})

test('where no round step was measured, the last one is named', () => {
  const axis = stepAxis([0, 137].map((step) => ({step, epoch: step / 137})))
  assert.equal(axis.ticks, [0, 137])
  assert.equal(stepAxis([0, 2, 4].map((step) => ({step, epoch: 0}))).ticks, [0, 2, 3, 4])
})

test('step 0 alone has an axis', () => {
  assert.equal(stepAxis([{step: 0, epoch: 0}]).domain, [0, 1])
})

test('round numbers are few enough to be labelled, and exact', () => {
  assert.equal(roundNumbers(1, 9), [1, 2, 5])
  assert.equal(roundNumbers(0.002, 0.4), [0.003, 0.01, 0.03, 0.1, 0.3])
  assert.equal(roundNumbers(1, 5000), [1, 10, 100, 1000])
  assert.equal(roundNumbers(1, 25, [1, 2, 5]), [1, 2, 5, 10, 20])
  // Short axes have less round ones.
  assert.equal(roundNumbers(0.036, 0.046), [0.04, 0.045])
  assert.equal(roundNumbers(0.0105, 0.0139), [0.011, 0.012, 0.013])
  assert.equal(roundNumbers(0.025, 0.045), [0.03, 0.04])
  assert.equal(roundNumbers(0, 5), [])
  assert.equal(roundNumbers(3, 1), [])
})

test('powers of ten are as far apart as each other, and few', () => {
  assert.equal(powersOfTen(5e-7, 0.5, 4), [1e-6, 1e-4, 0.01])
  assert.equal(powersOfTen(2e-6, 0.5, 4), [1e-5, 0.001, 0.1])
  assert.equal(powersOfTen(0.002, 5, 4), [0.01, 0.1, 1])
  assert.equal(powersOfTen(2, 5, 4), [])
})

test.run()

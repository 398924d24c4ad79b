import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {leakyChain} from '../../../src/on-device/bound-on-device.js'
import {distanceAtOnce, rowsALayer} from '../../../src/on-device/worth-it.js'
import {useBackend} from '../../support/backends.js'
import {draws} from '../../support/draw.js'
import {mlpModel, randomMlp} from '../../support/mlp.js'
import {withProgram} from '../../support/run-forward.js'

const test = suite('whether to read between layers')
test.before(() => useBackend('cpu'))

const memory = 2 ** 29
/** As of a GPU in a browser: a reading takes 3 ms, an operation 0.05 ms, a product 2 TFLOPS. */
const gpu = {wait: 3, operation: 0.05, multiplyAdd: 1e-9}
/** As of a CPU whose reading was taken for a short round trip. */
const cpu = {wait: 0.02, operation: 0.01, multiplyAdd: 2e-8}

const onWidths = <T>(
  widths: readonly number[],
  use: (program: Parameters<typeof distanceAtOnce>[1]) => T,
) => withProgram(mlpModel(randomMlp(draws(1), widths)), use)

test('where reading is dear, the rows of a layer take no longer than its readings', () =>
  onWidths([64, 32, 32, 32], (program) => {
    const chain = leakyChain(program)!
    assert.equal(rowsALayer(gpu, program, chain, 256, memory), [0, 32, 32])
    assert.ok(distanceAtOnce(gpu, program, 256))
    const dearRows = {...gpu, multiplyAdd: 3e-6}
    const rows = rowsALayer(dearRows, program, chain, 16, memory)!
    // 4 readings of 3 ms less 100 operations leave 7 ms; rows of a unit at 16 points through 3136 and 4192 weights.
    const each = (sides: number, weights: number) => Math.floor(7 / (sides * 16 * weights * 3e-6))
    assert.equal(rows, [
      0,
      each(2, 65 * 32 + 33 * 32),
      Math.min(32, each(1, 65 * 32 + 2 * 33 * 32)),
    ])
    assert.ok(rows[2]! > rows[1]!)
    assert.is(rowsALayer(dearRows, program, chain, 256, memory), undefined)
    assert.not(distanceAtOnce({...gpu, multiplyAdd: 2e-6}, program, 256))
  }))

test('little memory leaves room for fewer rows', () =>
  onWidths([64, 32, 32, 32], (program) => {
    const chain = leakyChain(program)!
    assert.equal(rowsALayer(gpu, program, chain, 256, 10 * 2 ** 20), [0, 10, 10])
    assert.is(rowsALayer(gpu, program, chain, 256, 2 ** 20), undefined)
  }))

test('where reading is copying, it is read', () =>
  onWidths([64, 32, 32, 32], (program) => {
    const chain = leakyChain(program)!
    for (const costs of [cpu, {wait: 0, operation: 0.01, multiplyAdd: 0}]) {
      assert.is(rowsALayer(costs, program, chain, 256, memory), undefined)
      assert.not(distanceAtOnce(costs, program, 256))
    }
  }))

test('one or two layers have nothing to spare', async () => {
  await onWidths([8, 9], (program) => {
    assert.is(rowsALayer(gpu, program, leakyChain(program)!, 4, memory), undefined)
    assert.not(distanceAtOnce(gpu, program, 4))
  })
  await onWidths([8, 9, 9], (program) => assert.not(distanceAtOnce(gpu, program, 4)))
})

test('lines of other slopes are made on the host', async () => {
  for (const [slope, is] of [
    [0, true],
    [0.3, true],
    [0.9, true],
    [1.5, false],
    [-0.1, false],
  ] as const) {
    await withProgram(mlpModel(randomMlp(draws(2), [4, 5, 5], slope)), (program) =>
      assert.is(leakyChain(program) !== undefined, is),
    )
  }
})

test.run()

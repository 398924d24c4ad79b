import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {NetworkChoice} from '../../../scripts/experiments/grid.js'
import {weightOf} from '../../../scripts/experiments/weight.js'

const test = suite('weight')

/** What each network took in the study that the docstring names, the first as the unit. */
const took: [network: NetworkChoice, times: number][] = [
  [{kind: 'mlp', depth: 1, width: 64}, 1],
  [{kind: 'mlp', depth: 1, width: 256}, 1.3],
  [{kind: 'mlp', depth: 3, width: 64}, 1.8],
  [{kind: 'mlp', depth: 3, width: 256}, 13.2],
  [{kind: 'mlp', depth: 5, width: 64}, 2.2],
  [{kind: 'mlp', depth: 5, width: 256}, 15.2],
  [{kind: 'cnn', batchNormalization: false}, 26.8],
  [{kind: 'cnn', batchNormalization: true}, 56.7],
]

test('is within a factor of 2 of what networks took beside each other', () => {
  const one = weightOf(took[0]![0], 784)
  for (const [network, times] of took) {
    const ratio = weightOf(network, 784) / one / times
    assert.ok(ratio > 0.5 && ratio < 2, `${JSON.stringify(network)}: ${ratio}`)
  }
})

test('is whole, so that sums of them are exact', () => {
  for (const [network] of took) assert.ok(Number.isSafeInteger(weightOf(network, 784)))
})

test.run()

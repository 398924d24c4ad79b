import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  activationPieces,
  readActivation,
  readLeakyRelu,
  readRelu,
  readSoftmax,
} from '../../../src/layers/activation.js'
import {type LayerLike, type LayerReader, Unreadable} from '../../../src/layers/layer-reader.js'

const test = suite('activations')

/** What a reader makes of a layer with these settings: the kind of each piece, and its kinks. */
function kinds(reader: LayerReader, config: Record<string, unknown>): string[] {
  const layer: LayerLike = {
    name: 'x',
    getClassName: () => 'X',
    getConfig: () => config,
    getWeights: () => [],
  }
  return reader(layer, [[3]], [3]).map((piece) => {
    return piece.kind === 'kink' ? `${piece.kinks} kink` : piece.kind
  })
}

function refuses(run: () => unknown, message: RegExp): void {
  try {
    run()
  } catch (error) {
    assert.instance(error, Unreadable)
    assert.match((error as Error).message, message)
    return
  }
  assert.unreachable(`not refused: ${message}`)
}

test('linear, by name or by none, is no piece', () => {
  for (const name of ['linear', null, undefined]) assert.equal(activationPieces(name, [3]), [])
})

test('relu is a kink', () => {
  assert.equal(kinds(readActivation, {activation: 'relu'}), ['1 kink'])
  assert.equal(kinds(readRelu, {}), ['1 kink'])
  assert.equal(kinds(readRelu, {maxValue: null}), ['1 kink'])
})

test('relu6, a maximum and hardSigmoid are two kinks', () => {
  assert.equal(kinds(readActivation, {activation: 'relu6'}), ['2 kink'])
  assert.equal(kinds(readActivation, {activation: 'hardSigmoid'}), ['2 kink'])
  assert.equal(kinds(readRelu, {maxValue: 2}), ['2 kink'])
})

test('smooth ones are named', () => {
  assert.equal(activationPieces('softmax', [3]), [{kind: 'smooth', activation: 'softmax'}])
  assert.equal(kinds(readSoftmax, {}), ['smooth'])
})

test('anything else is refused with its name', () => {
  refuses(() => activationPieces('step', [3]), /the activation "step" is not supported/)
  refuses(() => activationPieces({className: 'mine'}, [3]), /\{"className":"mine"\}/)
  for (const maxValue of [0, -1, Number.NaN, Infinity, '6']) {
    refuses(() => kinds(readRelu, {maxValue}), /expected a finite maxValue above 0, got/)
  }
})

test('leakyReLU: any slope but 1, which is no kink; 0.3 by default', () => {
  for (const alpha of [-0.5, 0, 0.2, 1.7]) assert.equal(kinds(readLeakyRelu, {alpha}), ['1 kink'])
  assert.equal(kinds(readLeakyRelu, {alpha: 1}), [])
  assert.equal(kinds(readLeakyRelu, {}), ['1 kink'])
  for (const alpha of [Number.NaN, Infinity, '0.2', [0.1]]) {
    refuses(() => kinds(readLeakyRelu, {alpha}), /expected a finite slope alpha, got/)
  }
})

test.run()

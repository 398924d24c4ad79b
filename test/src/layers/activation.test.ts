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

/** What a reader makes of a layer with these settings: the kind of each piece. */
function kinds(reader: LayerReader, config: Record<string, unknown>): string[] {
  const layer: LayerLike = {
    name: 'x',
    getClassName: () => 'X',
    getConfig: () => config,
    getWeights: () => [],
  }
  return reader(layer, [[3]]).map(({kind}) => kind)
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
  for (const name of ['linear', null, undefined]) assert.equal(activationPieces(name), [])
})

test('relu is a kink', () => {
  const [piece, ...others] = activationPieces('relu')
  assert.equal(others, [])
  assert.is(piece!.kind === 'kink' && piece!.kink.silent, true)
  assert.equal(kinds(readActivation, {activation: 'relu'}), ['kink'])
  assert.equal(kinds(readRelu, {}), ['kink'])
  assert.equal(kinds(readRelu, {maxValue: null}), ['kink'])
})

test('smooth ones are named', () => {
  assert.equal(activationPieces('softmax'), [{kind: 'smooth', activation: 'softmax'}])
  assert.equal(kinds(readSoftmax, {}), ['smooth'])
})

test('anything else is refused with its name', () => {
  refuses(() => activationPieces('relu6'), /the activation "relu6" is not supported/)
  refuses(() => activationPieces('hardSigmoid'), /"hardSigmoid"/)
  refuses(() => activationPieces({className: 'mine'}), /\{"className":"mine"\}/)
  refuses(() => kinds(readRelu, {maxValue: 0}), /maxValue 0 has two kinks/)
})

test('leakyReLU: any slope but 1, which is no kink; 0.3 by default', () => {
  for (const alpha of [-0.5, 0, 0.2, 1.7]) assert.equal(kinds(readLeakyRelu, {alpha}), ['kink'])
  assert.equal(kinds(readLeakyRelu, {alpha: 1}), [])
  assert.equal(kinds(readLeakyRelu, {}), ['kink'])
  for (const alpha of [Number.NaN, Infinity, '0.2', [0.1]]) {
    refuses(() => kinds(readLeakyRelu, {alpha}), /expected a finite slope alpha, got/)
  }
})

test.run()

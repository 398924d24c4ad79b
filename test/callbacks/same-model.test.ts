import type * as tf from '@tensorflow/tfjs'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {isSameModel, isTraining} from '../../callbacks/same-model.js'
import {smallData, smallModel} from './fixture.js'

/** What a sequential model hands `fit` over to. */
const innerOf = (model: tf.LayersModel) => (model as unknown as {model: tf.LayersModel}).model

test('a model is the same by its weights, not by their values', () => {
  const model = smallModel()
  assert.not(isSameModel(model, smallModel()))
  const before = innerOf(model)
  model.layers[0]!.trainable = false
  model.compile({optimizer: 'sgd', loss: 'categoricalCrossentropy'})
  assert.is.not(innerOf(model), before)
  assert.ok(isSameModel(innerOf(model), before))
})

test('fit marks the model that it trains', async () => {
  const {xs, ys} = smallData()
  const model = smallModel()
  const seen: boolean[] = []
  await model.fit(xs, ys, {
    epochs: 1,
    verbose: 0,
    callbacks: {
      onEpochBegin: async () => {
        seen.push(isTraining(innerOf(model)))
      },
    },
  })
  seen.push(isTraining(innerOf(model)))
  assert.equal(seen, [true, false])
})

test.run()

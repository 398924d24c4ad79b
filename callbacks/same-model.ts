import type * as tf from '@tensorflow/tfjs'

/**
 * Whether two models are one. A sequential model hands `fit` over to another object each time that
 * it is compiled, so that their weights have to tell.
 */
export function isSameModel(one: tf.LayersModel, other: tf.LayersModel): boolean {
  const weights = new Set(other.weights)
  return one.weights.length === weights.size && one.weights.every((weight) => weights.has(weight))
}

/** Whether `fit` is under way: it marks the model, and refuses by itself a second one of the same. */
export function isTraining(model: tf.LayersModel): boolean {
  return (model as unknown as {isTraining?: boolean}).isTraining === true
}

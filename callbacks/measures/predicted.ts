import * as tf from '@tensorflow/tfjs'
import type {Measure} from './measure.js'

/** What the measure is called in the log. */
export const predictedName = 'predicted'

/**
 * The class that a model predicts: the largest of its outputs, or, of a single sigmoid output, 1
 * above one half. Logged where labels are given, and the model is known to have their classes as
 * outputs; it need not be the one that is watched, which may be a part of it.
 */
export function predictedBy(model: tf.LayersModel): Measure {
  return {
    name: predictedName,
    unit: 'class',
    measure: ({points}) =>
      tf.tidy(() => {
        const output = (model.predict(points) as tf.Tensor).reshape([points.shape[0]!, -1])
        const classes = output.shape[1] === 1 ? output.greater(0.5).flatten() : output.argMax(1)
        // argMax finds a class even among NaN, which this keeps
        return classes.toFloat().add(output.mul(0).sum(1))
      }),
  }
}

/** Whether the model's output tells classes apart: several outputs, or a single sigmoid. */
export function predictsClass(model: tf.LayersModel): boolean {
  const [shape] = [model.outputs[0]?.shape ?? []]
  const outputs = shape.slice(1).reduce<number>((product, length) => product * (length ?? 0), 1)
  const {activation} = model.layers.at(-1)?.getConfig() ?? {}
  return outputs > 1 || activation === 'sigmoid'
}

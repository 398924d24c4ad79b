import * as tf from '@tensorflow/tfjs'
import type {Points} from '../points.js'
import {attackLoss} from './attack-loss.js'
import {inputGradient} from './input-gradient.js'

/** Where projected gradient ascent begins and what holds it. */
export interface Ascent {
  readonly model: tf.LayersModel
  /** The centers of the balls. */
  readonly origins: Points
  /** The class of each. */
  readonly classes: Int32Array
  /** Where to begin, [points x features]. */
  readonly starts: Float32Array
  /** One for each point, as is the size of a step. */
  readonly radius: Float64Array
  readonly stepSize: Float64Array
  readonly steps: number
  /** Limits of all features, or of each; none where it is left out. */
  readonly box?: Box | undefined
}

/** One number, or one a feature. */
export interface Box {
  readonly least: Float32Array
  readonly greatest: Float32Array
}

/** Points that go through the model at once: the gradient needs all their activations. */
const batch = 128

/** Keeps a division finite. */
const tiny = 1e-37

/**
 * Projected gradient ascent of the model's loss in l2 balls (Madry et al., arXiv:1706.06083):
 *
 *     x <- P(x + stepSize g / ||g||_2),    P(x) = box(origin + d min(1, radius / ||d||_2)),    d = x - origin
 *
 * g being the gradient of `attackLoss` at x. The origins lie in the box, so that it leads out of no
 * ball. Where g is 0, a point stays where it is.
 *
 * ```ts
 * const ones = new Float64Array(origins.count).fill(1)
 * const reached = await ascend({
 *   model, origins, classes, starts: origins.values, radius: ones, stepSize: ones, steps: 1,
 * })
 * ```
 *
 * @returns the last points, [points x features]
 * @throws Error of TensorFlow.js where the backend lacks the gradient of a layer
 */
export async function ascend(ascent: Ascent): Promise<Float32Array> {
  const {count, features, values} = ascent.origins
  const reached = new Float32Array(values.length)
  for (let from = 0; from < count; from += batch) {
    const points = climb(ascent, from, Math.min(count, from + batch))
    try {
      reached.set(await points.data(), from * features)
    } finally {
      points.dispose()
    }
  }
  return reached
}

/**
 * Takes one step from the first point, and forgets it.
 *
 * @throws as `ascend`, but at once
 */
export function tryAscent(ascent: Ascent): void {
  climb({...ascent, steps: 1}, 0, 1).dispose()
}

function climb(ascent: Ascent, from: number, to: number): tf.Tensor {
  const {model, origins, classes, steps} = ascent
  const {features, shape} = origins
  const rows = (values: Float32Array) =>
    tf.tensor2d(values.subarray(from * features, to * features), [to - from, features])
  const column = (values: Float64Array) =>
    tf.tensor2d(Float32Array.from(values.subarray(from, to)), [to - from, 1])
  return tf.tidy(() => {
    const project = projection(rows(origins.values), column(ascent.radius), ascent.box)
    const stepSize = column(ascent.stepSize)
    const loss = attackLoss(model)
    const gradient = inputGradient(model, shape, (outputs) =>
      loss(outputs, classes.slice(from, to)),
    )
    let points = project(rows(ascent.starts))
    for (let step = 0; step < steps; step++)
      points = tf.tidy(() => project(points.add(unit(gradient(points)).mul(stepSize))))
    return points
  })
}

function projection(
  origins: tf.Tensor,
  radius: tf.Tensor,
  box: Box | undefined,
): (points: tf.Tensor) => tf.Tensor {
  const limits = box && {least: tf.tensor1d(box.least), greatest: tf.tensor1d(box.greatest)}
  return (points) => {
    const away = points.sub(origins)
    const inside = origins.add(away.mul(radius.div(lengths(away).maximum(radius))))
    return limits ? inside.maximum(limits.least).minimum(limits.greatest) : inside
  }
}

/** Rows of length 1, and of zeros where they were zeros; squares of small numbers do not underflow. */
function unit(rows: tf.Tensor): tf.Tensor {
  const scaled = rows.div(rows.abs().max(1, true).maximum(tiny))
  return scaled.div(lengths(scaled).maximum(tiny))
}

function lengths(rows: tf.Tensor): tf.Tensor {
  return rows.square().sum(1, true).sqrt()
}

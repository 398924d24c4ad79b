import * as tf from '@tensorflow/tfjs'

/** What an attack raises: a number for each point, or their sum or mean, of the model's outputs. */
export type AttackLoss = (outputs: tf.Tensor, classes: Int32Array) => tf.Tensor

/** Keeps a logarithm finite, and is lost in any probability that float32 tells from 0. */
const tiny = 1e-37

/**
 * The loss that an attack on the model raises: the one that the model was compiled with.
 *
 * A cross-entropy -log p, p the probability of the true class, is raised as the log-odds
 * log((1 - p) / p). They rise together, so that each point's gradient has the same direction, but
 * -log p is flat in float32, its gradient exactly 0, where a network is sure of a point (the
 * gradient masking of Carlini and Wagner, arXiv:1608.04644): with a softmax the log-odds are not
 * before its logits are some 87 apart, with a sigmoid of class 1 not before its logit is 17.
 *
 * | compiled with | outputs are taken as |
 * |---|---|
 * | 'categoricalCrossentropy', 'sparseCategoricalCrossentropy' | probabilities, or in their proportion |
 * | tf.losses.softmaxCrossEntropy | logits |
 * | 'binaryCrossentropy', one output | the probability of class 1 |
 * | tf.losses.sigmoidCrossEntropy, one output | the logit of class 1 |
 * | any other loss or function | what it says: it is called with one-hot rows (of one output, the class) and the outputs |
 * | nothing | probabilities after a softmax or sigmoid, else logits |
 *
 * ```ts
 * const gradient = tf.grad((x) => attackLoss(model)(model.predict(x), classes))
 * ```
 *
 * @throws RangeError where a model that is not compiled has one output and no sigmoid
 */
export function attackLoss(model: tf.LayersModel): AttackLoss {
  const outputs = countOutputs(model)
  const kind = kindOf(model, outputs)
  if (kind) {
    const raise = outputs === 1 ? single[kind] : several[kind]
    return (output, classes) => raise(output.reshape([classes.length, outputs]), classes)
  }
  const compiled = compiledLoss(model)!
  return (output, classes) => compiled(targets(classes, outputs), output)
}

/** How many outputs a point has. */
export function countOutputs(model: tf.LayersModel): number {
  const shape = model.outputs[0]!.shape.slice(1)
  return shape.reduce<number>((product, length) => product * (length ?? 1), 1)
}

type Kind = 'probabilities' | 'logits'

/** What the outputs are to a cross-entropy; undefined for any other loss. */
function kindOf(model: tf.LayersModel, outputs: number): Kind | undefined {
  const name = lossName(model)
  if (name === undefined) return kindOfLast(model, outputs)
  const cross: Readonly<Record<string, Kind>> =
    outputs === 1
      ? {binaryCrossentropy: 'probabilities', sigmoidCrossEntropy__op: 'logits'}
      : {
          categoricalCrossentropy: 'probabilities',
          sparseCategoricalCrossentropy: 'probabilities',
          softmaxCrossEntropy__op: 'logits',
        }
  return Object.hasOwn(cross, name) ? cross[name] : undefined
}

/** A loss is known by its name, or as an operation of TensorFlow.js, of whichever copy. */
function lossName(model: tf.LayersModel): string | undefined {
  const {loss} = model as {loss?: unknown}
  if (loss === undefined || loss === null) return undefined
  const [only] = typeof loss === 'object' ? Object.values(loss) : [loss]
  if (typeof only !== 'function') return String(only)
  // a user's own function may have any name, and mean anything by it
  return only.name.endsWith('__op') ? only.name : ''
}

function kindOfLast(model: tf.LayersModel, outputs: number): Kind {
  const last = model.layers.at(-1)!
  const {activation} = last.getConfig() as {activation?: unknown}
  const name = last.getClassName() === 'Softmax' ? 'softmax' : activation
  if (name === 'softmax' || (name === 'sigmoid' && outputs === 1)) return 'probabilities'
  if (outputs > 1) return 'logits'
  throw new RangeError(
    'model: expected several outputs, or one with a sigmoid, to tell classes apart; compile it with its loss',
  )
}

function compiledLoss(model: tf.LayersModel) {
  const {lossFunctions, model: inner} = model as unknown as {
    lossFunctions?: ((targets: tf.Tensor, outputs: tf.Tensor) => tf.Tensor)[]
    model?: tf.LayersModel
  }
  // a sequential model keeps them in the model inside it
  return (lossFunctions ?? inner?.lossFunctions)?.[0]
}

/** Log-odds against the true class among several, [n]. */
const several: Record<Kind, AttackLoss> = {
  probabilities: (outputs, classes) => {
    const right = oneHot(classes, outputs.shape[1]!)
    const wrong = tf.sub(1, right)
    return logOfSum(outputs.mul(wrong)).sub(logOfSum(outputs.mul(right)))
  },
  logits: (outputs, classes) => {
    const right = oneHot(classes, outputs.shape[1]!)
    // far below any logit, so that the true class has no part in the sum
    return outputs.sub(right.mul(1e30)).logSumExp(1).sub(outputs.mul(right).sum(1))
  },
}

/** Log-odds against the true class of a single output, [n]. */
const single: Record<Kind, AttackLoss> = {
  probabilities: (outputs, classes) => {
    const odds = outputs.add(tiny).log().sub(tf.sub(1, outputs).add(tiny).log())
    return single.logits(odds, classes)
  },
  logits: (outputs, classes) => outputs.flatten().mul(tf.sub(1, tf.tensor1d(classes).mul(2))),
}

function logOfSum(probabilities: tf.Tensor): tf.Tensor {
  return probabilities.sum(1).add(tiny).log()
}

function oneHot(classes: Int32Array, depth: number): tf.Tensor {
  return tf.oneHot(tf.tensor1d(classes, 'int32'), depth).toFloat()
}

function targets(classes: Int32Array, outputs: number): tf.Tensor {
  return outputs === 1
    ? tf.tensor2d(classes, [classes.length, 1], 'float32')
    : oneHot(classes, outputs)
}

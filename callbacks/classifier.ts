import type * as tf from '@tensorflow/tfjs'
import type {Examples} from './data.js'
import {countOutputs} from './groups/attack-loss.js'

/** The model whose outputs are the classes of the labels, or null, and why none is known. */
export type Classifier =
  | {readonly model: tf.LayersModel; readonly why: null}
  | {readonly model: null; readonly why: string}

/**
 * Finds the model that tells the classes of the labels apart: the one that is fitted, also where a
 * part of it is watched, else the one that is watched, where it is not a part.
 *
 * Its outputs must be as many as the columns of one-hot labels, or more than the greatest class; a
 * single output tells two classes apart. A part does not say that it is one: a model that is not
 * known to be fitted counts as whole where it is compiled, ends in a softmax or a single sigmoid, or
 * ends in a dense layer without activation with an output for each column of one-hot labels.
 *
 * @param watched the model that is measured
 * @param fitted the model that is trained, where `fit` told of it
 * @param labelled the examples, of which those without labels say nothing
 */
export function findClassifier(
  watched: tf.LayersModel,
  fitted: tf.LayersModel | undefined,
  labelled: readonly (Pick<Examples, 'labels' | 'columns'> | null)[],
): Classifier {
  const known = labelled.filter((examples) => examples?.labels)
  if (!known.length) return none('there are no labels')
  if (fitted && !beginsAs(watched, fitted))
    return none('the model that is watched does not begin with the first layer of the fitted one')
  const model = fitted ?? watched
  const outputs = countOutputs(model)
  const classes = Math.max(2, outputs)
  const has = `and the model has ${outputs} output${outputs === 1 ? '' : 's'}`
  for (const examples of known) {
    const {labels, columns} = examples!
    if (columns !== null && columns !== classes)
      return none(`labels have ${columns} columns, ${has}`)
    const greatest = labels!.reduce((most, label) => Math.max(most, label), 0)
    if (greatest >= classes) return none(`labels go up to class ${greatest}, ${has}`)
  }
  const isOneHot = known.some((examples) => examples!.columns !== null)
  if (fitted || isCompiled(model) || endsAsClassifier(model, outputs, isOneHot))
    return {model, why: null}
  return none(
    'whether the option model is a part of a network cannot be known: give a compiled one, or one that ends in ' +
      'a softmax, or labels as one-hot rows',
  )
}

function none(why: string): Classifier {
  return {model: null, why}
}

/** Whether the points of one model are points of the other: both take them to the same layer. */
function beginsAs(part: tf.LayersModel, whole: tf.LayersModel): boolean {
  return part === whole || firstLayer(part) === firstLayer(whole)
}

function firstLayer({layers}: Pick<tf.LayersModel, 'layers'>): tf.layers.Layer | undefined {
  const first = layers.find((layer) => layer.getClassName() !== 'InputLayer')
  return first && 'layers' in first ? firstLayer(first as tf.LayersModel) : first
}

function isCompiled(model: tf.LayersModel): boolean {
  const {loss} = model as {loss?: unknown}
  return loss !== undefined && loss !== null
}

function endsAsClassifier(model: tf.LayersModel, outputs: number, isOneHot: boolean): boolean {
  const last = model.layers.at(-1)!
  const {activation} = last.getConfig() as {activation?: unknown}
  const isSoftmax = activation === 'softmax' || last.getClassName() === 'Softmax'
  if (isSoftmax || (activation === 'sigmoid' && outputs === 1)) return true
  return isOneHot && last.getClassName() === 'Dense' && activation === 'linear'
}

import type * as tf from '@tensorflow/tfjs'
import type {Network} from '../src/network.js'
import {readNetwork} from '../src/read-network.js'
import {type Classifier, findClassifier} from './classifier.js'
import {type Examples, readExamples} from './data.js'
import type {Measure} from './measures/index.js'
import {predictedBy, predictedName, predictsClass} from './measures/predicted.js'
import type {Settings} from './options.js'
import {prepareRadii} from './radii.js'
import type {SnapshotPlan} from './take-snapshot.js'

/** The model that is measured, and the one that is trained, where `fit` has told of it. */
export interface Models {
  readonly watched: tf.LayersModel
  readonly fitted?: tf.LayersModel | undefined
}

/**
 * Reads the network and the examples, once a run, and checks all that can be known before the
 * training.
 *
 * @throws UnsupportedLayerError where the network cannot be read; RangeError or NonFiniteError
 *   naming the option where data, labels, groups or radii do not fit
 */
export async function prepare(
  settings: Settings,
  {watched: model, fitted}: Models,
): Promise<SnapshotPlan> {
  const network = readNetwork(model)
  if (!network.layers.length) warnOfNoKink()
  const {train, test} = await readExamples(settings, network.inputShape)
  const testData = test?.points ?? null
  const classifier = findClassifier(model, fitted, [train, test])
  const {groups, memory} = settings
  const n = pointsOf(settings, train, test)
  const drawn = {n, data: train.points, labels: train.labels, testData, model, classifier, memory}
  for (const {check} of groups) await check?.(drawn)
  const {core, own} = settings.measures
  const predicted = predictedOf(classifier)
  const isLabelled = settings.labels !== undefined || settings.testLabels !== undefined
  if (isLabelled && !predicted.length) warnOfNoClass(classifier)
  return {
    ...settings,
    points: n,
    network,
    model,
    classifier,
    train,
    test,
    radiiOf: prepareRadii(settings.radii, train.points, 'radii', settings.memory),
    core,
    own: [...own, ...predicted],
  }
}

/** Points of each group: no more than the examples, where nobody has asked for a number. */
function pointsOf(
  {points, mayTakeFewer, groups}: Settings,
  train: Examples,
  test: Examples | null,
): number {
  if (!mayTakeFewer) return points
  const drawsTest = groups.some(({name}) => name === 'test')
  return Math.min(points, train.points.count, (drawsTest && test?.points.count) || Infinity)
}

function predictedOf({model}: Classifier): Measure[] {
  return model && predictsClass(model) ? [predictedBy(model)] : []
}

function warnOfNoKink(): void {
  console.warn(
    'linear-regions: model: has no kink, such as a ReLU before its last layer, so that it is a single region: all ' +
      'distances are infinite, and all bounds one region',
  )
}

function warnOfNoClass({why}: Classifier): void {
  console.warn(
    'linear-regions: labels are logged without the predicted class: ' +
      (why ?? 'the model has a single output without a sigmoid'),
  )
}

/**
 * The plan for the network as `fit` is called again: one monitor follows one network over one run.
 *
 * @throws RangeError where it is another network
 */
export function prepareAgain(plan: SnapshotPlan, {watched: model, fitted}: Models): SnapshotPlan {
  const network = readNetwork(model)
  const [before, now] = [describe(plan.network), describe(network)]
  if (before === now) {
    const classifier = findClassifier(model, fitted, [plan.train, plan.test])
    // the measures of a run are those that it began with
    const own = plan.own.flatMap((measure) =>
      measure.name === predictedName ? predictedOf(classifier) : measure,
    )
    return {...plan, network, model, classifier, own}
  }
  throw new RangeError(
    `model: expected the network that this monitor has followed so far (${before}), got ${now}; ` +
      'make a monitor for each network',
  )
}

// TensorFlow.js counts the names of layers up whenever a model is built again
function describe({inputShape, layers}: Network): string {
  return [
    `[${inputShape.join(', ')}]`,
    ...layers.map(({className, units, kinks}) => `${className} ${units} x ${kinks}`),
  ].join(', ')
}

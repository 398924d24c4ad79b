import type * as tf from '@tensorflow/tfjs'
import type {Network} from '../src/network.js'
import {readNetwork} from '../src/read-network.js'
import {readExamples} from './data.js'
import {predicted, predictsClass} from './measures/predicted.js'
import type {Settings} from './options.js'
import {prepareRadii} from './radii.js'
import type {SnapshotPlan} from './take-snapshot.js'

/**
 * Reads the network and the examples, once a run, and checks all that can be known before the
 * training.
 *
 * @throws UnsupportedLayerError where the network cannot be read; RangeError or NonFiniteError
 *   naming the option where data, labels, groups or radii do not fit
 */
export async function prepare(settings: Settings, model: tf.LayersModel): Promise<SnapshotPlan> {
  const network = readNetwork(model)
  const {train, test} = await readExamples(settings, network.inputShape)
  const testData = test?.points ?? null
  const drawn = {n: settings.points, data: train.points, labels: train.labels, testData, model}
  for (const {check} of settings.groups) await check?.(drawn)
  const {core, own} = settings.measures
  const hasClasses = Boolean(train.labels ?? test?.labels) && predictsClass(model)
  return {
    ...settings,
    network,
    model,
    train,
    test,
    radiiOf: prepareRadii(settings.radii, train.points, 'radii', settings.memory),
    core,
    own: hasClasses ? [...own, predicted] : own,
  }
}

/**
 * The plan for the network as `fit` is called again: one monitor follows one network over one run.
 *
 * @throws RangeError where it is another network
 */
export function prepareAgain(plan: SnapshotPlan, model: tf.LayersModel): SnapshotPlan {
  const network = readNetwork(model)
  const [before, now] = [describe(plan.network), describe(network)]
  if (before === now) return {...plan, network, model}
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

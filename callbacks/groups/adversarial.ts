import type * as tf from '@tensorflow/tfjs'
import {randomNormal} from 'd3-random'
import {oneOf} from '../../src/options.js'
import {checkWhole} from '../check.js'
import type {Classifier} from '../classifier.js'
import {length, makePoints, type Points, pointAt, pointsAt} from '../points.js'
import {prepareRadii, type RadiusOption, readRadius} from '../radii.js'
import {pickDistinct, type RandomSource} from '../random.js'
import {type Ascent, ascend, type Box, tryAscent} from './ascend.js'
import {attackLoss} from './attack-loss.js'
import {checkOptions} from './check-options.js'
import type {Group, SampleRequest} from './group.js'
import {rangesOf} from './ranges.js'
import {checkEnough} from './train.js'

/** Options of the group 'adversarial'. */
export interface AdversarialOptions {
  readonly name: 'adversarial'
  /**
   * Radius of the balls around training points, in l2: a number or a rule, as in the option `radii`.
   * Default: 'median-pair*0.05'.
   */
  readonly radius?: RadiusOption
  /** Steps uphill. Default: 10. */
  readonly steps?: number
  /** Length of a step: a number or a rule. Default: 2.5 times the radius, divided by the steps. */
  readonly stepSize?: RadiusOption
  /**
   * What the points stay in besides the balls: 'overall', between the least and the greatest value of
   * all features of the data, which suits pixels; 'per-feature', between those of each feature, which
   * suits the columns of a table; or 'none'. Default: 'overall'.
   */
  readonly clip?: (typeof clips)[number]
}

const clips = ['overall', 'per-feature', 'none'] as const

const option = "groups: 'adversarial'"

/**
 * Adversarial examples: training points moved uphill on the loss of the network as it is, within a
 * small ball, by projected gradient ascent in l2 (PGD; Madry et al., arXiv:1706.06083) from a random
 * point of the ball. `attackLoss` says which loss is raised, `ascend` how.
 *
 * Training points and starts come from the group's own stream of random numbers; the points depend
 * on the weights too, so that they are others at each snapshot even without `resample`. Where a part
 * of a network is watched, it is the network that is fitted whose loss is raised. Each has the
 * index of its training point and the class of that as its label: where the predicted class
 * differs, the attack has succeeded, or the network was wrong before.
 *
 * ```ts
 * const attack = {name: 'adversarial', radius: 0.5, steps: 20} as const
 * linearRegionMonitor({data, labels, groups: ['train', attack]})
 * ```
 *
 * @throws RangeError naming the option that is wrong
 */
export function adversarial(given: AdversarialOptions = {name: 'adversarial'}): Group {
  checkOptions(option, given, ['radius', 'steps', 'stepSize', 'clip'])
  const {radius: wanted = 'median-pair*0.05', steps = 10, stepSize, clip = 'overall'} = given
  checkWhole(`${option}: steps`, steps, 1)
  oneOf(`${option}: clip`, clip, clips)
  const radiusOf = readLength('radius', wanted)
  const stepSizeOf = stepSize === undefined ? undefined : readLength('stepSize', stepSize)

  const plan = (
    {
      data,
      labels,
      classifier,
      memory,
    }: Pick<SampleRequest, 'data' | 'labels' | 'classifier' | 'memory'>,
    originIndex: Int32Array,
  ): Promise<Ascent> => {
    const origins = makePoints(pointsAt(data, originIndex), data.shape)
    const lengths = Promise.all([
      radiusOf.at(origins, data, memory),
      stepSizeOf?.at(origins, data, memory),
    ])
    return lengths.then(([radius, stepSize]) => ({
      model: modelOf(classifier),
      origins,
      classes: originIndex.map((index) => labels![index]!),
      starts: origins.values,
      radius,
      stepSize: stepSize ?? radius.map((length) => (2.5 * length) / steps),
      steps,
      box: boxOf(clip, data),
    }))
  }

  return {
    name: 'adversarial',
    check: ({n, data, labels, classifier, memory}) => {
      checkEnough('data', n, data)
      if (!labels) throw new RangeError(`${option}: ${noLabels}`)
      attackLoss(modelOf(classifier))
      return plan({data, labels, classifier, memory}, Int32Array.of(0)).then((first) => {
        try {
          tryAscent(first)
        } catch (cause) {
          throw new Error(`${option}: ${noGradient} ${(cause as Error).message}`, {cause})
        }
      })
    },
    settings: async (data) => ({
      radiusRule: radiusOf.text,
      ...(!radiusOf.differs && {
        radius: (await radiusOf.at(makePoints(pointAt(data, 0), data.shape), data))[0]!,
      }),
      steps,
      stepSize: stepSizeOf?.text ?? '2.5*radius/steps',
      clip,
    }),
    sample: async ({rng, n, data, labels, classifier, memory}) => {
      const originIndex = pickDistinct(rng, n, data.count)
      const ascent = await plan({data, labels, classifier, memory}, originIndex)
      const points = await ascend({...ascent, starts: inBalls(rng, ascent.origins, ascent.radius)})
      return {points, originIndex, labels: ascent.classes}
    },
  }
}

const noGradient =
  "needs the gradient of the model's loss with respect to its input, which cannot be had here (take another " +
  'backend, or leave the group out):'

const noLabels = 'needs the class of each example of data: give the option labels too'

/** What is attacked, which may be more than what is watched. */
function modelOf({model, why}: Classifier): tf.LayersModel {
  if (model) return model
  throw new RangeError(`${option}: needs a model whose outputs are the classes of labels: ${why}`)
}

/** A radius or the like: its text, and its value for each of some points. */
interface Length {
  readonly text: string
  /** Whether it differs from point to point. */
  readonly differs: boolean
  readonly at: (points: Points, data: Points, memory?: number) => Promise<Float64Array>
}

function readLength(name: string, given: unknown): Length {
  const rule = readRadius(`${option}: ${name}`, given)
  const known = new WeakMap<Points, ReturnType<typeof prepareRadii>>()
  return {
    text: rule.text,
    differs: rule.scale === 'nearest',
    at: (points, data, memory) => {
      const radiiOf = known.get(data) ?? prepareRadii([rule], data, `${option}: ${name}`, memory)
      known.set(data, radiiOf)
      return radiiOf(points).then(([only]) => only!.radius)
    },
  }
}

function boxOf(clip: (typeof clips)[number], data: Points): Box | undefined {
  const {overall, ...each} = rangesOf(data)
  if (clip === 'per-feature') return each
  if (clip === 'none') return undefined
  return {least: Float32Array.of(overall.least), greatest: Float32Array.of(overall.greatest)}
}

/** A point of each ball, all equally likely: a direction, and a radius as the volume grows. */
function inBalls(rng: RandomSource, origins: Points, radius: Float64Array): Float32Array {
  const normal = randomNormal.source(rng)(0, 1)
  const {count, features} = origins
  const starts = new Float32Array(count * features)
  for (let slot = 0; slot < count; slot++) {
    const direction = Float64Array.from({length: features}, normal)
    const scale = (radius[slot]! * rng() ** (1 / features)) / length(direction)
    const origin = pointAt(origins, slot)
    for (let feature = 0; feature < features; feature++)
      starts[slot * features + feature] = origin[feature]! + scale * direction[feature]!
  }
  return starts
}

import type {Experiment} from './grid.js'
import type {Preset} from './presets.js'

/** What a control changes of the middle one of the MLPs: one thing. */
type Control = (preset: Preset) => Partial<Experiment>

/**
 * The controls by name: what later work calls for to tell what an effect belongs to.
 *
 * `weight-decay` is decoupled from the gradient (Loshchilov and Hutter, arXiv:1711.05101). The labels
 * of `shuffled-labels` are permuted among the training images (Zhang et al., arXiv:1611.03530). The
 * CNN is LeNet's (LeCun et al., 1998) with ReLU; batch normalisation comes before each ReLU.
 */
export const controls = {
  sgd: ({sgdLearningRate}) => ({optimizer: 'sgd', learningRate: sgdLearningRate}),
  'shuffled-labels': () => ({labels: 'shuffled'}),
  'weight-decay': ({weightDecay}) => ({weightDecay}),
  cnn: ({cnnRadii}) => ({network: {kind: 'cnn', batchNormalization: false}, radii: cnnRadii}),
  'cnn-batch-norm': ({cnnRadii}) => ({
    network: {kind: 'cnn', batchNormalization: true},
    radii: cnnRadii,
  }),
} as const satisfies Record<string, Control>

export type ControlName = keyof typeof controls

export const controlNames = Object.keys(controls) as ControlName[]

import {isDeepStrictEqual} from 'node:util'
import {controls} from './controls.js'
import type {Preset} from './presets.js'

/** A network that is trained. */
export type NetworkChoice =
  | {readonly kind: 'mlp'; readonly depth: number; readonly width: number}
  | {readonly kind: 'cnn'; readonly batchNormalization: boolean}

/** What the runs of one name share, all but their seed: the `config` of a run's row. */
export interface Experiment
  extends Omit<Preset, 'depth' | 'width' | 'controls' | 'sgdLearningRate' | 'cnnRadii' | 'seeds'> {
  readonly network: NetworkChoice
  readonly labels: 'true' | 'shuffled'
  readonly data: string
}

/** One run of a study. */
export interface Training {
  /** Runs of one name differ in their seed alone. */
  readonly name: string
  readonly seed: number
  readonly experiment: Experiment
  /** Whether the network is saved at the chosen snapshots. */
  readonly saved: boolean
}

/**
 * The runs of a study in their order: MLPs by depth and width, then the controls, each with all seeds.
 *
 * @param data what the images are called in each run's config
 *
 * @example
 * trainingsOf(presets.standard, 'fashion-mnist-2000').length //-> 63
 */
export function trainingsOf(preset: Preset, data: string): readonly Training[] {
  const {depth, width, controls: changed, sgdLearningRate, cnnRadii, seeds, ...shared} = preset
  const mlp = (depth: number, width: number): Cell => ({
    name: `mlp-${width}x${depth}`,
    experiment: {
      ...shared,
      data,
      network: {kind: 'mlp', depth, width},
      labels: 'true',
      weightDecay: 0,
    },
  })
  const middle = mlp(middleOf(depth), middleOf(width))
  const cells = [
    ...depth.flatMap((layers) => width.map((units) => mlp(layers, units))),
    ...changed.map((control): Cell => {
      const change: Partial<Experiment> = controls[control](preset)
      const name = change.network ? control : `${middle.name}-${control}`
      return {name, experiment: {...middle.experiment, ...change}}
    }),
  ]
  return cells.flatMap(({name, experiment}) => {
    const isMiddle = isDeepStrictEqual(experiment.network, middle.experiment.network)
    return seeds.map((seed): Training => {
      const saved = isMiddle && seed === seeds[0]
      const chosenMeasures = isMiddle ? experiment.chosenMeasures : []
      return {name, seed, experiment: {...experiment, chosenMeasures}, saved}
    })
  })
}

type Cell = Pick<Training, 'name' | 'experiment'>

/** The upper one where there is an even number of them. */
const middleOf = (values: readonly number[]): number => {
  const rising = [...values].sort((a, b) => a - b)
  return rising[rising.length >> 1]!
}

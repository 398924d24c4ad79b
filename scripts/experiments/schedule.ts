import {logSpaced} from '../../callbacks/schedule.js'
import type {Preset} from './presets.js'

/** When a run is measured. */
export interface ExperimentSchedule {
  readonly stepsPerEpoch: number
  /**
   * Steps at which it is measured, rising, step 0 included: log-spaced inside the first two epochs,
   * because much of the movement is over by then, then the ends of epochs.
   */
  readonly steps: readonly number[]
}

type Times = Pick<Preset, 'trainSize' | 'batchSize' | 'epochs' | 'earlySnapshots' | 'everyEpochs'>

/**
 * Plans the snapshots of one run.
 *
 * @example
 * scheduleOf({trainSize: 2000, batchSize: 32, epochs: 6, earlySnapshots: 5, everyEpochs: 2})
 * //-> {stepsPerEpoch: 63, steps: [0, 1, 3, 11, 38, 126, 252, 378]}
 */
export function scheduleOf(times: Times): ExperimentSchedule {
  const {trainSize, batchSize, epochs, earlySnapshots: count, everyEpochs} = times
  const stepsPerEpoch = Math.ceil(trainSize / batchSize)
  const last = stepsPerEpoch * Math.min(2, epochs)
  const early = count > 1 && last > 1 ? logSpaced(1, last, count).steps : [1].slice(0, count)
  const ends = Array.from({length: epochs}, (_, epoch) => epoch + 1)
    .filter((epoch) => epoch % everyEpochs === 0 || epoch === epochs)
    .map((epoch) => epoch * stepsPerEpoch)
  const steps = [...new Set([0, ...early, ...ends])].sort((a, b) => a - b)
  return {stepsPerEpoch, steps}
}

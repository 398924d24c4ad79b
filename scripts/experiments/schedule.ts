import {logSpaced} from '../../callbacks/schedule.js'
import type {Experiment} from './presets.js'

/** When an experiment is measured, the network before its first batch aside. */
export interface ExperimentSchedule {
  readonly stepsPerEpoch: number
  /** Steps inside the first two epochs, log-spaced: much of the movement is over by then. */
  readonly early: readonly number[]
  /** Whether to measure after that many epochs. */
  readonly afterEpoch: (epoch: number) => boolean
  /** Snapshots of a run, the one before the first batch included. */
  readonly snapshots: number
}

/**
 * Plans the snapshots of one run. Steps that are the end of a measured epoch are not early ones:
 * the loss of the whole epoch is known there.
 *
 * @example
 * scheduleOf({trainSize: 2000, batchSize: 32, epochs: 20, earlySnapshots: 5, everyEpochs: 2})
 * //-> {stepsPerEpoch: 63, early: [1, 3, 11, 38], snapshots: 15, afterEpoch}
 */
export function scheduleOf({
  trainSize,
  batchSize,
  epochs,
  earlySnapshots: count,
  everyEpochs,
}: Pick<
  Experiment,
  'trainSize' | 'batchSize' | 'epochs' | 'earlySnapshots' | 'everyEpochs'
>): ExperimentSchedule {
  const stepsPerEpoch = Math.ceil(trainSize / batchSize)
  const afterEpoch = (epoch: number) => epoch % everyEpochs === 0 || epoch === epochs
  const last = stepsPerEpoch * Math.min(2, epochs)
  const dense = count > 1 && last > 1 ? logSpaced(1, last, count).steps : [1].slice(0, count)
  const isMeasuredEnd = (step: number) =>
    step % stepsPerEpoch === 0 && afterEpoch(step / stepsPerEpoch)
  const early = dense.filter((step) => !isMeasuredEnd(step))
  const ends = Array.from({length: epochs}, (_, epoch) => epoch + 1).filter(afterEpoch)
  return {stepsPerEpoch, early, afterEpoch, snapshots: 1 + early.length + ends.length}
}

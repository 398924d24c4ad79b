import {spread} from '../spread.js'
import {atSharedSteps} from './pool.js'
import type {Moment} from './step-axis.js'

/** A moment, and what a panel calls it: `before the first batch`, `epoch 2`, `step 11 (epoch 0.17)`. */
export interface NamedMoment extends Moment {
  readonly title: string
}

/**
 * The moments that a figure of a few of them shows, among those that every run has: the snapshots nearest
 * to the epochs that are asked for, else some, evenly spread over all.
 *
 * @param moments of the runs, each with its run's seed
 * @param epochs asked for
 * @param count how many else
 */
export function chooseMoments(
  moments: readonly (Moment & {readonly seed: number})[],
  epochs: readonly number[] | undefined,
  count: number,
): readonly NamedMoment[] {
  // A saved model that was measured by itself has a step 0 alone.
  const trained = moments.some(({step}) => step > 0)
  const shared = atSharedSteps(moments).steps.map(([first]) => first!)
  const nearest = (epoch: number) =>
    [...shared].sort((a, b) => Math.abs(a.epoch - epoch) - Math.abs(b.epoch - epoch))[0]
  const chosen = epochs ? epochs.flatMap((epoch) => nearest(epoch) ?? []) : spread(shared, count)
  return [...new Set(chosen)]
    .sort((a, b) => a.step - b.step)
    .map(({step, epoch}) => ({step, epoch, title: titleOf(step, epoch, trained)}))
}

function titleOf(step: number, epoch: number, trained: boolean): string {
  if (step === 0 && epoch === 0) return trained ? 'before the first batch' : 'step 0'
  if (Number.isInteger(epoch) && step > 0) return `after epoch ${epoch}`
  return `step ${step} (epoch ${Number(epoch.toFixed(2))})`
}

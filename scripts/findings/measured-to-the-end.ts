import {partition} from '../partition.js'
import {count, type LogReader, type SelectedRun} from '../select-runs.js'
import type {Median} from './medians.js'

/** A snapshot of one run, with or without numbers. */
interface Attempt {
  readonly name: string
  readonly seed: number
  readonly step: number
  readonly status: string
  /** What became of the run. */
  readonly runStatus: string
}

/** Medians of the seeds that can be compared at the end, and a phrase for each other seed. */
export interface ToTheEnd {
  readonly medians: readonly Median[]
  /** Such as `net, seed 3 (measured up to step 0 of 126: 4 later snapshots failed)`. */
  readonly cutShort: readonly string[]
}

/** Every snapshot of the runs, those that failed among them. */
export async function attemptsOf(
  {db}: LogReader,
  runs: readonly SelectedRun[],
): Promise<readonly Attempt[]> {
  return await db
    .selectFrom('snapshots')
    .innerJoin('runs', 'runs.id', 'snapshots.run_id')
    .where(
      'runs.id',
      'in',
      runs.map((run) => run.id),
    )
    .select(['name', 'seed', 'step', 'snapshots.status', 'runs.status as runStatus'])
    .execute()
}

/**
 * Leaves out the seeds that were not measured to the end: those whose last median is at an earlier step
 * than that of others of their name, and those with a single moment that was not meant to be the
 * last. What is last of such a seed is not what is last of the others; of one whose weights became NaN
 * after step 0 it would be step 0, and no effect at all. It would also take from the others every
 * moment that it lacks.
 *
 * @param medians of any networks, in one measure, by step
 * @param attempts snapshots of the same runs
 * @param fewest moments that a seed needs: 2 where the last is compared with the first
 */
export function measuredToTheEnd(
  medians: readonly Median[],
  attempts: readonly Attempt[],
  fewest: 1 | 2 = 1,
): ToTheEnd {
  const parts = partition(medians, ({name}) => name).flatMap((ofName) => {
    const end = lastStep(ofName)
    return partition(ofName, ({seed}) => seed).map((ofSeed) => {
      const {name, seed} = ofSeed[0]!
      const own = attempts.filter((one) => one.name === name && one.seed === seed)
      const why = reason(ofSeed, own, end, fewest)
      return why === undefined
        ? {medians: ofSeed, cutShort: []}
        : {medians: [], cutShort: [`${name}, seed ${seed} (${why})`]}
    })
  })
  return {
    medians: parts.flatMap((part) => part.medians),
    cutShort: [...parts.flatMap((part) => part.cutShort), ...neverMeasured(attempts)],
  }
}

/** Seeds that left no median at all. */
function neverMeasured(attempts: readonly Attempt[]): readonly string[] {
  return partition(attempts, ({name, seed}) => `${seed}\n${name}`)
    .filter((own) => own.every(({status}) => status === 'failed'))
    .map((own) => `${own[0]!.name}, seed ${own[0]!.seed} (every snapshot failed)`)
}

/**
 * A sentence that names the seeds that are left out, or none.
 *
 * @param place what they are left out of, such as ` of A`
 */
export function cutShortNotes(cutShort: readonly string[], place = ''): readonly string[] {
  return cutShort.length === 0
    ? []
    : [`Left out${place}, since not measured to the end: ${cutShort.join('; ')}.`]
}

const lastStep = (rows: readonly {readonly step: number}[]) =>
  rows.reduce((last, {step}) => Math.max(last, step), 0)

/** Why a seed is left out; undefined of one that is not. */
function reason(
  ofSeed: readonly Median[],
  own: readonly Attempt[],
  end: number,
  fewest: number,
): string | undefined {
  const last = lastStep(ofSeed)
  const moments = new Set(ofSeed.map(({step}) => step)).size
  const later = own.filter(({step}) => step > last)
  const unfinished = own.some(({runStatus}) => runStatus !== 'finished')
  const goesOn = later.length > 0 || unfinished
  if (last === end && moments >= fewest && (moments > 1 || !goesOn)) return undefined
  const failed = later.filter(({status}) => status === 'failed').length
  const why =
    failed > 0
      ? `: ${count(failed, 'later snapshot')} failed`
      : unfinished
        ? ': the run is unfinished'
        : later.length > 0
          ? `: ${count(later.length, 'later snapshot')} without it`
          : ''
  return last < end
    ? `measured up to step ${last} of ${end}${why}`
    : `measured at step ${last} alone${why}`
}

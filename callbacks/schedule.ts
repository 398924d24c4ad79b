import {checkList, checkWhole, show, wrong} from './check.js'

/** Where the training is. */
export interface Moment {
  /** Completed updates of the optimiser. */
  readonly step: number
  /** Completed epochs, with the fraction of the one under way. */
  readonly epoch: number
}

/** When to take a snapshot; the network before its first batch is always one. */
export type Every =
  | number
  | {readonly batches: number}
  | {readonly steps: readonly number[]}
  | {readonly when: (moment: Moment) => boolean; readonly at?: 'epoch' | 'batch'}

/** `Every`, read: asked at each end of an epoch, or of a batch. */
export interface Schedule {
  readonly at: 'epoch' | 'batch'
  readonly isDue: (moment: Moment) => boolean
}

/**
 * Reads the option `every`.
 *
 * A number counts epochs, `{batches: n}` and `{steps: [...]}` updates of the optimiser, and
 * `{when, at}` asks a function of one's own.
 *
 * @throws RangeError where it is none of these
 */
export function readSchedule(every: Every): Schedule {
  if (typeof every === 'number') {
    const epochs = checkWhole('every', every, 1)
    return {at: 'epoch', isDue: ({epoch}) => epoch % epochs === 0}
  }
  const forms = Object.keys(every ?? {}).filter((key) => key !== 'at')
  const form = forms.length === 1 ? forms[0] : undefined
  if (form === 'batches') return everyBatches((every as {batches: number}).batches)
  if (form === 'steps') return atSteps((every as {steps: readonly number[]}).steps)
  if (form === 'when') return whenever(every as {when: (moment: Moment) => boolean})
  throw wrong('every', 'a number of epochs, {batches}, {steps} or {when, at}', every)
}

function everyBatches(given: unknown): Schedule {
  const batches = checkWhole('every.batches', given, 1)
  return {at: 'batch', isDue: ({step}) => step % batches === 0}
}

function atSteps(given: unknown): Schedule {
  const steps = new Set(checkList('every.steps', given).map((s) => checkWhole('every.steps', s, 0)))
  if (!steps.size) throw new RangeError('every.steps: expected at least one step, got []')
  return {at: 'batch', isDue: ({step}) => steps.has(step)}
}

function whenever({when, at = 'epoch'}: {when: unknown; at?: unknown}): Schedule {
  if (typeof when !== 'function') throw wrong('every.when', 'a function of the moment', when)
  if (at !== 'epoch' && at !== 'batch') throw wrong('every.at', "'epoch' or 'batch'", at)
  const isDue = (moment: Moment) => {
    const due: unknown = when(moment)
    if (typeof due === 'boolean') return due
    // nobody waits for a promise here: if it fails, that must not end the process
    Promise.resolve(due).catch(() => undefined)
    throw new TypeError(`every.when: expected it to return true or false, got ${show(due)}`)
  }
  return {at, isDue}
}

/**
 * Steps that lie ever further apart, for `every`: much of the movement is over after a few epochs.
 *
 * `count` steps from `first` to `last`, equally far apart on a logarithmic scale, rounded to whole
 * updates of the optimiser; those that become equal are merged.
 *
 * ```ts
 * logSpaced(1, 1000, 4) //-> {steps: [1, 10, 100, 1000]}
 * linearRegionMonitor({data, every: logSpaced(1, 2000, 30)})
 * ```
 *
 * @throws RangeError where `first` is below 1, `last` below `first`, or `count` below 2
 */
export function logSpaced(first: number, last: number, count: number): {steps: number[]} {
  checkWhole('first', first, 1)
  checkWhole('last', last, first)
  checkWhole('count', count, 2)
  const ratio = Math.log(last / first) / (count - 1)
  const steps = Array.from({length: count}, (_, index) => first * Math.exp(index * ratio))
  return {steps: [...new Set(steps.map(Math.round))]}
}

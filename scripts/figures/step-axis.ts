import {extentOf} from './extent.js'
import type {Layer, Position} from './spec.js'
import {roundNumbers} from './ticks.js'

/** When a snapshot was taken. */
export interface Moment {
  /** completed optimiser steps */
  readonly step: number
  /** completed epochs, fractional inside one */
  readonly epoch: number
}

/** What the figures over training share: where the steps lie, and which of them are named. */
export interface StepAxis {
  readonly domain: readonly [number, number]
  /** The step at which the scale turns from linear to logarithmic. */
  readonly constant: number
  readonly ticks: readonly number[]
  /** Steps at which an epoch is complete; undefined where the runs' epochs differ in length. */
  readonly epochs?: {readonly length: number; readonly ticks: readonly number[]}
}

/**
 * The axis of a figure over training: optimiser steps on a symlog scale, which keeps step 0 and
 * spreads the early steps, where most of the movement is, as widely as the late ones; and the epochs
 * above, where all runs have the same number of steps in one.
 *
 * @example
 * stepAxis([{step: 0, epoch: 0}, {step: 1, epoch: 1 / 63}, {step: 63, epoch: 1}]).epochs?.ticks // [63]
 */
export function stepAxis(moments: readonly Moment[]): StepAxis {
  const later = moments.map((moment) => moment.step).filter((step) => step > 0)
  if (later.length === 0) return {domain: [0, 1], constant: 1, ticks: [0]}
  const [first, last] = extentOf(later)
  const axis = {
    domain: [0, last],
    constant: first,
    ticks: [0, ...stepsBetween(first, last)],
  } as const
  const length = lengthOfEpoch(moments)
  const ticks = length
    ? roundNumbers(1, last / length, [1, 2, 5]).map((epoch) => epoch * length)
    : []
  return length && ticks.length > 0 ? {...axis, epochs: {length, ticks}} : axis
}

/** Round numbers of steps, else the last step. */
function stepsBetween(first: number, last: number): readonly number[] {
  const whole = roundNumbers(first, last).filter(Number.isInteger)
  return whole.length > 0 ? whole : [last]
}

/** The steps' channel of a mark; only in the lowest panels the axis has its title. */
export function stepEncoding({domain, constant, ticks}: StepAxis, {lowest}: {lowest: boolean}) {
  return {
    field: 'step',
    type: 'quantitative',
    title: lowest ? 'Optimiser steps' : null,
    scale: {type: 'symlog', constant, domain: [...domain], nice: false},
    axis: {
      values: [...ticks],
      labelExpr: "format(datum.value, ',')",
      labelOverlap: 'greedy',
      labelSeparation: 4,
      labelFlush: false,
      grid: false,
    },
  } satisfies Position
}

/** A layer without a mark that puts the epochs above; none where the runs' epochs differ in length. */
export function epochLayer(steps: StepAxis): Layer[] {
  if (!steps.epochs) return []
  const x = stepEncoding(steps, {lowest: false})
  const axis = {
    ...x.axis,
    orient: 'top',
    domain: false,
    // The word stands to the left, so that the number is at its tick.
    labelAlign: {condition: {test: 'datum.index === 0', value: 'right'}, value: 'center'},
    labelOffset: {condition: {test: 'datum.index === 0', value: 4}, value: 0},
    values: [...steps.epochs.ticks],
    labelExpr: `(datum.index === 0 ? 'epoch ' : '') + datum.value / ${steps.epochs.length}`,
  } satisfies Position['axis']
  return [
    {
      data: {values: [{step: 0}]},
      mark: {type: 'point', opacity: 0},
      encoding: {x: {...x, axis}},
    },
  ]
}

/** Steps in an epoch, where it is the same whole number at the end of every epoch that was logged. */
function lengthOfEpoch(moments: readonly Moment[]): number | undefined {
  const ends = moments.filter(({epoch}) => Number.isInteger(epoch) && epoch > 0)
  const lengths = new Set(ends.map(({step, epoch}) => step / epoch))
  const [length] = lengths
  return lengths.size === 1 && Number.isInteger(length) ? length : undefined
}

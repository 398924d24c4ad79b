import {type Forward, numbersOf} from '../forward.js'
import type {Deviations, KinkAtPoints, Lines} from '../kinks/kink.js'
import type {Method} from '../options.js'
import type {KinkInstruction, Program} from '../program.js'
import {pullEveryRow} from '../pull-every-row.js'
import {pullRows} from '../pull-rows.js'
import {roundingFactor} from '../rounding.js'
import type {WantedRow} from '../row-grids.js'
import {type BallProgram, unitReach} from './ball.js'
import {copy, scaled, tighten, unbounded, widened} from './deviations.js'
import {intervalAcross} from './interval.js'

/** What each method puts together. */
const recipes: Readonly<Record<Method, Recipe>> = {
  spectral: {interval: false, ball: 'plain', pull: false, together: false},
  interval: {interval: true, ball: undefined, pull: false, together: false},
  crown: {interval: true, ball: undefined, pull: true, together: false},
  combined: {interval: true, ball: 'normalised', pull: true, together: true},
}

interface Recipe {
  /** Interval arithmetic, layer after layer. */
  readonly interval: boolean
  /** Ball to ball, on the network as it is or with every unit's row scaled to norm 1. */
  readonly ball: 'plain' | 'normalised' | undefined
  /** Undecided forms are bounded by pulling rows back (CROWN). */
  readonly pull: boolean
  /** The cheap bounds go on from the best bounds of the layers before; else each goes its own way. */
  readonly together: boolean
}

/** What bounding needs of the network, beyond the program: computed once a snapshot. */
export interface BoundTools {
  readonly program: Program
  readonly memory: number
  /** Called between layers; throws where it is time to stop. */
  readonly checkTime: () => void
  balls(kind: 'plain' | 'normalised'): BallProgram
}

/** Bounds of one radius at all points, per kinked layer, of its forms (see `KinkAtPoints`). */
export interface LayerBounds {
  /** What decides which units are unstable. */
  readonly deviations: readonly Deviations[]
  /** The same without room for rounding, which is not carried from layer to layer or ball to ball. */
  readonly bare: readonly Deviations[]
  /** The tightest bounds of every form, where `everyForm` was asked for. */
  readonly reported: readonly Deviations[]
}

/**
 * Bounds what decides every kink on the closed ball of `radius` around each point (`[points]`).
 *
 * Layer after layer: cheap bounds of all forms first; then, where the method pulls back, only the rows
 * that these leave undecided: the side that could decide a form, and the other one only if that failed. A
 * decided unit's numbers are not used again (its lines are exact whatever they are), so which units are
 * unstable does not depend on the rows left out. `larger` is what is known already: the bounds of the same method on
 * larger balls, which hold on this one too, or what is decided on a part of it. Rounding is part of every bound.
 */
export async function boundLayers(
  tools: BoundTools,
  forward: Forward,
  radius: Float64Array,
  method: Method,
  larger: LayerBounds | undefined,
  everyForm: boolean,
): Promise<LayerBounds> {
  const {program} = tools
  const recipe = recipes[method]
  const balls = recipe.ball && tools.balls(recipe.ball)
  const inflation = 1 + roundingFactor(widestFan(program), forward.roundoff)
  // Per value: interval deviations (undefined: the ball itself), and which units pass anything on.
  const intervals: (Deviations | undefined)[] = [undefined]
  const passing: (Float32Array | undefined)[] = [undefined]
  const found = {
    deviations: [] as Deviations[],
    bare: [] as Deviations[],
    reported: [] as Deviations[],
  }
  const lines: Lines[] = []

  for (const [k, item] of program.instructions.entries()) {
    if (item.kind === 'affine') {
      passing[k + 1] = undefined
      if (recipe.interval) {
        const inputs = item.inputs.map((value) => intervals[value])
        const own = 1 + roundingFactor(item.map.fanIn, forward.roundoff)
        intervals[k + 1] = await intervalAcross(item.map, inputs, radius, own)
      }
      continue
    }
    tools.checkTime()
    const kinks = forward.kinks[item.layer]!
    const numbers = unbounded(radius.length * numbersOf(item))
    if (recipe.interval)
      tighten(
        numbers,
        intervals[item.input] ?? scaled(everywhere(radius, numbersOf(item)), inflation),
      )
    if (balls) {
      const reach = await unitReach(program, balls, item.input, (value) => passing[value])
      tighten(numbers, reachOnBall(reach, radius, numbersOf(item), inflation))
    }
    const cheap = kinks.formDeviations(numbers)
    const forms = copy(cheap)
    if (recipe.together && larger) tighten(forms, larger.bare[item.layer]!)

    const pulls = recipe.pull && !readsInputAlone(program, item)
    const pull = (bounds: Deviations, wanted: readonly WantedRow[]) =>
      pullInto(tools, kinks, item.layer, radius, lines, inflation, bounds, wanted)
    // Where every row is wanted and helps no later layer's cheap bounds, those left undecided are among them.
    const atOnce = everyForm && !recipe.together
    if (pulls && atOnce) await pullEvery(tools, kinks, item, radius, lines, inflation, forms)
    else if (pulls) await pullUndecided(kinks, forms, (wanted) => pull(forms, wanted))
    const wide = widened(forms, kinks.rounding)
    if (recipe.together && larger) tighten(wide, larger.deviations[item.layer]!)
    found.bare.push(forms)
    found.deviations.push(wide)
    if (everyForm) {
      const every = copy(forms)
      if (pulls && !atOnce) await pullEvery(tools, kinks, item, radius, lines, inflation, every)
      found.reported.push(widened(every, kinks.rounding))
    }
    if (recipe.pull) lines.push(kinks.lines(wide))
    if (recipe.interval) {
      const own = recipe.together ? forms : cheap
      intervals[k + 1] = kinks.image(item.kink.candidates === 1 ? own : numbers, own)
    }
    if (balls) {
      passing[k + 1] = kinks.passing(recipe.together ? wide : widened(cheap, kinks.rounding))
    }
  }
  return found
}

/** The first layer's interval is exact: pulling back adds nothing. */
function readsInputAlone(program: Program, {input, kink}: KinkInstruction): boolean {
  if (kink.candidates > 1) return false
  const maker = program.instructions[input - 1]
  return input === 0 || (maker?.kind === 'affine' && maker.inputs.every((value) => value === 0))
}

/** First the sides that a kink lies within, which alone can decide a form, then the others. */
async function pullUndecided(
  kinks: KinkAtPoints,
  bounds: Deviations,
  pull: (wanted: readonly WantedRow[]) => Promise<void>,
): Promise<void> {
  const {center, gap, rounding, forms} = kinks
  const open = (at: number) =>
    kinks.openSides(at, bounds.below[at]! + rounding[at]!, bounds.above[at]! + rounding[at]!)
  const first: WantedRow[] = []
  const second: WantedRow[] = []
  for (let at = 0; at < center.length; at++) {
    // Nearly all move less than it takes; a gap is rounded to float32.
    const least = gap[at]! * (1 - 2 ** -23) - rounding[at]!
    if (bounds.below[at]! < least && bounds.above[at]! < least) continue
    const sides = open(at)
    if (sides === 0) continue
    const point = Math.floor(at / forms)
    if (sides & 1) first.push({point, at, sign: 1})
    if (sides & 2) first.push({point, at, sign: -1})
    if (sides === 1) second.push({point, at, sign: -1})
    if (sides === 2) second.push({point, at, sign: 1})
  }
  await pull(first)
  await pull(second.filter(({at}) => open(at) !== 0))
}

/** Tightens the bounds of every form. */
async function pullEvery(
  tools: BoundTools,
  kinks: KinkAtPoints,
  item: KinkInstruction,
  radius: Float64Array,
  lines: readonly Lines[],
  inflation: number,
  bounds: Deviations,
): Promise<void> {
  const {program, memory} = tools
  const {center, forms} = kinks
  const units = item.units
  const take = (at: number, sign: 1 | -1, slack: number, length: number) => {
    const side = sign === 1 ? bounds.below : bounds.above
    const found = (slack + radius[Math.floor(at / units)]! * length) * inflation
    if (found < side[at]!) side[at] = found
  }
  if (await pullEveryRow(program, item, radius.length, lines, memory, take)) return
  const wanted: WantedRow[] = []
  center.forEach((value, at) => {
    if (value === Number.POSITIVE_INFINITY) return
    const point = Math.floor(at / forms)
    wanted.push({point, at, sign: 1}, {point, at, sign: -1})
  })
  await pullInto(tools, kinks, item.layer, radius, lines, inflation, bounds, wanted)
}

/** Pulls rows back and tightens the bounds with slack + radius length. */
async function pullInto(
  {program, memory}: BoundTools,
  kinks: KinkAtPoints,
  layer: number,
  radius: Float64Array,
  lines: readonly Lines[],
  inflation: number,
  bounds: Deviations,
  wanted: readonly WantedRow[],
): Promise<void> {
  await pullRows(program, layer, kinks, wanted, lines, 'l2', memory, (row, slack, length) => {
    const side = row.sign === 1 ? bounds.below : bounds.above
    const found = (slack + radius[row.point]! * length) * inflation
    if (found < side[row.at]!) side[row.at] = found
  })
}

function widestFan({instructions}: Program): number {
  return instructions.reduce(
    (most, item) => (item.kind === 'affine' ? Math.max(most, item.map.fanIn) : most),
    1,
  )
}

/** A kink straight on the input: each feature moves by at most the radius. */
function everywhere(radius: Float64Array, numbers: number): Deviations {
  const values = new Float32Array(radius.length * numbers)
  radius.forEach((r, point) => {
    values.fill(r, point * numbers, (point + 1) * numbers)
  })
  return {below: values, above: values}
}

function reachOnBall(
  reach: Float32Array,
  radius: Float64Array,
  numbers: number,
  factor: number,
): Deviations {
  const shared = reach.length === numbers
  const values = new Float32Array(radius.length * numbers)
  radius.forEach((r, point) => {
    const from = shared ? 0 : point * numbers
    for (let i = 0; i < numbers; i++) values[point * numbers + i] = reach[from + i]! * r * factor
  })
  return {below: values, above: values}
}

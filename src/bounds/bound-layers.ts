import {borrow, giveBack} from '../common/spare-arrays.js'
import {type Forward, numbersOf} from '../forward/forward.js'
import {roundingFactor} from '../forward/rounding.js'
import type {Deviations, Lines} from '../kinks/kink.js'
import type {Costs} from '../on-device/costs.js'
import {spareReading} from '../on-device/spare-reading.js'
import type {Method} from '../options.js'
import {leadsToKinks} from '../program/leads-to-kinks.js'
import {type KinkInstruction, type Program, widestFan} from '../program/program.js'
import {pushedLayers} from '../push/pushed-layers.js'
import type {BallProgram} from './ball.js'
import {type Pulling, pullEvery, pullUndecided} from './crown.js'
import {copy, scaled, smallerOf, tighten, widened} from './deviations.js'
import {intervalAcross} from './interval.js'
import {reachOnBalls} from './reach-on-balls.js'
import {unitReach} from './unit-reach.js'

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
  /** What reading back costs, and who is told where it is spared; undefined: it never is. */
  readonly roundTrips?: RoundTrips | undefined
}

/** Reading back between layers, which a variant spares where that is dear. */
export interface RoundTrips {
  readonly costs: Costs
  /** @param what was measured without reading back, and the milliseconds that it took */
  spared(what: string, milliseconds: number): void
}

/** Whether reading back is no more than copying. */
export const readsFast = ({roundTrips}: BoundTools): boolean => roundTrips?.costs.wait === 0

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
  const lines: Lines[] = []
  const inflation = 1 + roundingFactor(widestFan(program), forward.roundoff)
  const recipe = recipes[method]
  if (recipe.pull && !everyForm) {
    const {together} = recipe
    const balls = recipe.ball && tools.balls(recipe.ball)
    const known = together ? larger : undefined
    const request = {forward, radius, inflation, together, balls, larger: known}
    const reading = {...tools, roundTrips: undefined}
    const found = await spareReading(tools, `bound ${method}`, request, (rest, own, more) =>
      boundLayers(reading, rest, own, method, more, false),
    )
    if (found) return found
  }
  const pushed = recipe.pull ? pushedLayers(program, lines, radius.length, tools.memory) : undefined
  const balls = recipe.ball && tools.balls(recipe.ball)
  const pulling = {tools, radius, lines, inflation, pushed, balls}
  try {
    return await boundEach(pulling, forward, recipe, larger, everyForm)
  } finally {
    pushed?.dispose()
    for (const {lowerSlope, upperSlope, lowerGap, upperGap} of lines.filter(Boolean))
      giveBack(lowerSlope, upperSlope, lowerGap, upperGap)
  }
}

async function boundEach(
  pulling: Pulling,
  forward: Forward,
  recipe: Recipe,
  larger: LayerBounds | undefined,
  everyForm: boolean,
): Promise<LayerBounds> {
  const {tools, radius, lines, inflation, balls} = pulling
  const {program} = tools
  const leadsOn = leadsToKinks(program)
  // Per value: interval deviations (undefined: the ball itself), and which units pass anything on.
  const intervals: (Deviations | undefined)[] = [undefined]
  const passing: (Float32Array | undefined)[] = [undefined]
  const found = {
    deviations: [] as Deviations[],
    bare: [] as Deviations[],
    reported: [] as Deviations[],
  }

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
    const reach = balls && (await unitReach(program, balls, item.input, (value) => passing[value]))
    const size = numbersOf(item)
    const byInterval = recipe.interval
      ? (intervals[item.input] ?? scaled(everywhere(radius, size), inflation))
      : undefined
    // Next to an interval it is needed for a moment alone.
    const room = reach && byInterval && borrow(radius.length * size)
    const byBall = reach && reachOnBalls(reach, radius, size, inflation, room)
    // What no other instruction reads is written over.
    const numbers = smallerOf(byBall, byInterval, program.readers[item.input] === 1)
    giveBack(room)
    const cheap = kinks.formDeviations(numbers)
    // What is pulled back is better than the cheap bounds, which go on by themselves.
    const apart = recipe.pull && !recipe.together
    const forms = apart ? copy(cheap) : cheap
    if (recipe.together && larger) tighten(forms, larger.bare[item.layer]!)

    const pulls = recipe.pull && !readsInputAlone(program, item)
    // Where every row is wanted and helps no later layer's cheap bounds, those left undecided are among them.
    const atOnce = everyForm && !recipe.together
    if (pulls && atOnce) await pullEvery(pulling, kinks, item, forms)
    else if (pulls) await pullUndecided(pulling, kinks, item.layer, forms, leadsOn[k + 1]!)
    const wide = widened(forms, kinks.rounding)
    if (recipe.together && larger) tighten(wide, larger.deviations[item.layer]!)
    found.bare.push(forms)
    found.deviations.push(wide)
    if (everyForm) {
      const every = copy(forms)
      if (pulls && !atOnce) await pullEvery(pulling, kinks, item, every)
      found.reported.push(widened(every, kinks.rounding))
    }
    if (!leadsOn[k + 1]) continue
    if (recipe.pull) lines[item.layer] = kinks.lines(wide)
    if (recipe.interval) {
      const own = apart ? cheap : forms
      intervals[k + 1] = kinks.image(item.kink.candidates === 1 ? own : numbers, own)
    }
    if (balls) {
      const own = apart ? widened(cheap, kinks.rounding) : wide
      passing[k + 1] = kinks.passing(own)
    }
  }
  giveBack(...passing)
  return found
}

/** The first layer's interval is exact: pulling back adds nothing. */
function readsInputAlone(program: Program, {input, kink}: KinkInstruction): boolean {
  if (kink.candidates > 1) return false
  const maker = program.instructions[input - 1]
  return input === 0 || (maker?.kind === 'affine' && maker.inputs.every((value) => value === 0))
}

/** A kink straight on the input: each feature moves by at most the radius. */
function everywhere(radius: Float64Array, numbers: number): Deviations {
  const values = new Float32Array(radius.length * numbers)
  radius.forEach((r, point) => {
    values.fill(r, point * numbers, (point + 1) * numbers)
  })
  return {below: values, above: values}
}

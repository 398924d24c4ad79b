import type {Forward} from '../forward.js'
import {type Deviations, isUnstable, type Kink, type Lines} from '../kinks/kink.js'
import type {Method} from '../options.js'
import type {KinkInstruction, Program} from '../program.js'
import {pullRows} from '../pull-rows.js'
import {roundingFactor} from '../rounding.js'
import type {WantedRow} from '../row-grids.js'
import {type BallProgram, unitReach} from './ball.js'
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
  /** Undecided units are bounded by pulling rows back (CROWN). */
  readonly pull: boolean
  /** The cheap bounds go on from the best bounds of the layers before; else each goes its own way. */
  readonly together: boolean
}

/** What bounding needs of the network, beyond the program: computed once a snapshot. */
export interface BoundTools {
  readonly program: Program
  readonly memory: number
  balls(kind: 'plain' | 'normalised'): Promise<BallProgram>
}

/** Bounds of one radius at all points. */
export interface LayerBounds {
  /** Per kinked layer: what decides which units are unstable, and what later layers build on. */
  readonly deviations: readonly Deviations[]
  /** The same without room for rounding, which is not carried from layer to layer or ball to ball. */
  readonly bare: readonly Deviations[]
  /** Per kinked layer: the tightest bounds of every unit, where `everyUnit` was asked for. */
  readonly reported: readonly Deviations[]
}

/**
 * Bounds every pre-activation on the closed ball of `radius` around each point (`[points]`).
 *
 * Layer after layer: cheap bounds of all units first; then, where the method pulls back, only the rows
 * that these leave undecided: the side that could decide a unit, and the other one only if it proved
 * unstable. A decided unit's numbers are not used again (its lines are exact whatever they are), so
 * which units are unstable does not depend on the rows left out. `larger` are the bounds of the same
 * method on larger balls, which hold on this one too. Rounding is part of every bound.
 */
export async function boundLayers(
  tools: BoundTools,
  forward: Forward,
  radius: Float64Array,
  method: Method,
  larger: LayerBounds | undefined,
  everyUnit: boolean,
): Promise<LayerBounds> {
  const {program} = tools
  const recipe = recipes[method]
  const balls = recipe.ball && (await tools.balls(recipe.ball))
  // Per value: interval deviations (undefined: the ball itself), and which units pass anything on.
  const intervals: (Deviations | undefined)[] = [undefined]
  const passing: (Float32Array | undefined)[] = [undefined]
  const deviations: Deviations[] = []
  const bare: Deviations[] = []
  const reported: Deviations[] = []
  const lines: Lines[] = []

  for (const [k, item] of program.instructions.entries()) {
    if (item.kind === 'affine') {
      passing[k + 1] = undefined
      if (recipe.interval) {
        const inputs = item.inputs.map((value) => intervals[value])
        const inflation = 1 + roundingFactor(item.map.fanIn, forward.roundoff)
        intervals[k + 1] = scaled(await intervalAcross(item.map, inputs, radius), inflation)
      }
      continue
    }
    const {layer, kink} = item
    const z = forward.preActivations[layer]!
    const rounding = forward.rounding[layer]!
    const own = unbounded(z.length)
    if (recipe.interval) tighten(own, intervals[item.input] ?? everywhere(radius, item.units))
    if (balls) {
      const reach = await unitReach(program, balls, item.input, (value) => passing[value])
      const inflation = 1 + roundingFactor(widestFan(program), forward.roundoff)
      tighten(own, reachOnBall(reach, radius, item.units, inflation))
    }
    const cheap = recipe.together ? own : copy(own)
    if (recipe.together && larger) tighten(own, larger.bare[layer]!)

    const pulls = recipe.pull && !readsInputAlone(program, item)
    if (pulls) await pullUndecided(tools, forward, radius, item, lines, own)
    const wide = widened(own, rounding)
    bare.push(own)
    deviations.push(wide)
    if (everyUnit) {
      const every = copy(own)
      if (pulls) await pullEvery(tools, forward, radius, item, lines, every)
      reported.push(widened(every, rounding))
    }
    if (recipe.pull) lines.push(kink.lines(z, wide))
    if (recipe.interval) intervals[k + 1] = kink.image(z, cheap)
    if (balls)
      passing[k + 1] = unitsPassing(kink, z, recipe.together ? wide : widened(cheap, rounding))
  }
  return {deviations, bare, reported}
}

/** The first layer's interval is exact: pulling back adds nothing. */
function readsInputAlone(program: Program, {input}: KinkInstruction): boolean {
  const maker = program.instructions[input - 1]
  return input === 0 || (maker?.kind === 'affine' && maker.inputs.every((value) => value === 0))
}

async function pullUndecided(
  tools: BoundTools,
  forward: Forward,
  radius: Float64Array,
  item: KinkInstruction,
  lines: readonly Lines[],
  bounds: Deviations,
): Promise<void> {
  const z = forward.preActivations[item.layer]!
  const rounding = forward.rounding[item.layer]!
  const {units} = item
  const isOpen = (at: number) =>
    isUnstable(z[at]!, bounds.below[at]! + rounding[at]!, bounds.above[at]! + rounding[at]!)
  const undecided: number[] = []
  for (let at = 0; at < z.length; at++) if (isOpen(at)) undecided.push(at)
  // First the side nearer to the kink, which alone can decide the unit.
  const row = (at: number, sign: 1 | -1): WantedRow => ({
    point: Math.floor(at / units),
    unit: at % units,
    sign,
  })
  const nearer = (at: number) => (z[at]! >= 0 ? 1 : -1)
  const pull = (wanted: WantedRow[]) =>
    pullInto(tools, forward, radius, item, lines, bounds, wanted)
  await pull(undecided.map((at) => row(at, nearer(at))))
  const unstable = undecided.filter(isOpen)
  await pull(unstable.map((at) => row(at, nearer(at) === 1 ? -1 : 1)))
}

async function pullEvery(
  tools: BoundTools,
  forward: Forward,
  radius: Float64Array,
  item: KinkInstruction,
  lines: readonly Lines[],
  bounds: Deviations,
): Promise<void> {
  const wanted: WantedRow[] = []
  for (let point = 0; point < radius.length; point++) {
    for (let unit = 0; unit < item.units; unit++) {
      wanted.push({point, unit, sign: 1}, {point, unit, sign: -1})
    }
  }
  await pullInto(tools, forward, radius, item, lines, bounds, wanted)
}

/** Pulls rows back and tightens the bounds with slack + radius length. */
async function pullInto(
  {program, memory}: BoundTools,
  forward: Forward,
  radius: Float64Array,
  item: KinkInstruction,
  lines: readonly Lines[],
  bounds: Deviations,
  wanted: readonly WantedRow[],
): Promise<void> {
  const inflation = 1 + roundingFactor(widestFan(program), forward.roundoff)
  await pullRows(program, item.layer, wanted, lines, 'l2', memory, (row, slack, length) => {
    const at = row.point * item.units + row.unit
    const side = row.sign === 1 ? bounds.below : bounds.above
    const found = (slack + radius[row.point]! * length) * inflation
    if (found < side[at]!) side[at] = found
  })
}

function widestFan({instructions}: Program): number {
  return instructions.reduce(
    (most, item) => (item.kind === 'affine' ? Math.max(most, item.map.fanIn) : most),
    1,
  )
}

function unbounded(size: number): Deviations {
  const infinite = () => new Float32Array(size).fill(Number.POSITIVE_INFINITY)
  return {below: infinite(), above: infinite()}
}

/** A kink straight on the input: each feature moves by at most the radius. */
function everywhere(radius: Float64Array, units: number): Deviations {
  const values = Float32Array.from(
    {length: radius.length * units},
    (_, at) => radius[Math.floor(at / units)]!,
  )
  return {below: values, above: values}
}

function reachOnBall(
  reach: Float32Array,
  radius: Float64Array,
  units: number,
  factor: number,
): Deviations {
  const values = new Float32Array(radius.length * units)
  const shared = reach.length === units
  for (let at = 0; at < values.length; at++) {
    values[at] = reach[shared ? at % units : at]! * radius[Math.floor(at / units)]! * factor
  }
  return {below: values, above: values}
}

function tighten(bounds: Deviations, other: Deviations): void {
  for (const side of ['below', 'above'] as const) {
    const mine = bounds[side]
    const theirs = other[side]
    for (let at = 0; at < mine.length; at++) if (theirs[at]! < mine[at]!) mine[at] = theirs[at]!
  }
}

function copy({below, above}: Deviations): Deviations {
  return {below: below.slice(), above: above.slice()}
}

function widened({below, above}: Deviations, margin: Float32Array): Deviations {
  return {
    below: below.map((deviation, at) => deviation + margin[at]!),
    above: above.map((deviation, at) => deviation + margin[at]!),
  }
}

function scaled({below, above}: Deviations, factor: number): Deviations {
  return {below: below.map((b) => b * factor), above: above.map((a) => a * factor)}
}

/** 1 for units that may be on somewhere on the ball, 0 for units that are surely off and silent. */
function unitsPassing(kink: Kink, z: Float32Array, {above}: Deviations): Float32Array | undefined {
  return kink.silent ? z.map((zi, at) => (above[at]! > -zi ? 1 : 0)) : undefined
}

import type {Deviations, KinkAtPoints, Lines} from '../kinks/kink.js'
import {placesReaching} from '../kinks/reaching.js'
import type {KinkInstruction} from '../program/program.js'
import type {Pruning} from '../pull/pruning.js'
import {pullEveryRow} from '../pull/pull-every-row.js'
import {pullRows} from '../pull/pull-rows.js'
import type {WantedRow} from '../pull/row-grids.js'
import type {SideRows} from '../push/crown-rows.js'
import type {PushedLayers} from '../push/pushed-layers.js'
import type {BallProgram} from './ball.js'
import {type BoundTools, readsFast} from './bound-layers.js'

/** What CROWN's rows of one radius are made from. */
export interface Pulling {
  readonly tools: BoundTools
  readonly radius: Float64Array
  readonly lines: Lines[]
  readonly inflation: number
  readonly pushed: PushedLayers | undefined
  /** Where bounds may come from the ball too, so that rows need go no further than these decide. */
  readonly balls: BallProgram | undefined
}

/** Tightens one side of a form by what its row says. */
function takeRow(
  {radius, inflation}: Pulling,
  bounds: Deviations,
  {point, at, sign}: WantedRow,
  slack: number,
  length: number,
): void {
  const side = sign === 1 ? bounds.below : bounds.above
  const found = (slack + radius[point]! * length) * inflation
  if (found < side[at]!) side[at] = found
}

/** The sides of a form that its bounds leave open, with room for rounding. */
const openSides = (kinks: KinkAtPoints, {below, above}: Deviations, at: number) =>
  kinks.openSides(at, below[at]! + kinks.rounding[at]!, above[at]! + kinks.rounding[at]!)

/** Whether a row decides its form, however long it is up to this: it is not needed any better then. */
function decides(
  pulling: Pulling,
  kinks: KinkAtPoints,
  bounds: Deviations,
  row: WantedRow,
  longest: number,
  slack: number,
): boolean {
  takeRow(pulling, bounds, row, slack, longest)
  return openSides(kinks, bounds, row.at) === 0
}

/**
 * First the sides that a kink lies within, which alone can decide a form, then the others of those that stay undecided.
 *
 * @param others whether these are wanted: they only make lines, which a layer that no kink depends on has no need of
 */
export async function pullUndecided(
  pulling: Pulling,
  kinks: KinkAtPoints,
  layer: number,
  bounds: Deviations,
  others: boolean,
): Promise<void> {
  const {gap, rounding, forms} = kinks
  const first: WantedRow[] = []
  const second: WantedRow[] = []
  for (const at of placesReaching(gap, bounds, rounding)) {
    const sides = openSides(kinks, bounds, at)
    if (sides === 0) continue
    const point = Math.floor(at / forms)
    if (sides & 1) first.push({point, at, sign: 1})
    if (sides & 2) first.push({point, at, sign: -1})
    if (others && sides === 1) second.push({point, at, sign: -1})
    if (others && sides === 2) second.push({point, at, sign: 1})
  }
  const {balls} = pulling
  const pruning = balls && {
    reach: balls.reach,
    scales: balls.scales,
    enough: decides.bind(undefined, pulling, kinks, bounds),
  }
  await takeRows(pulling, kinks, layer, bounds, first, pruning)
  const left = second.filter(({at}) => openSides(kinks, bounds, at) !== 0)
  await takeRows(pulling, kinks, layer, bounds, left)
}

/** Takes over what rows say: each is pulled back, or all are pushed forward where that is less work. */
async function takeRows(
  pulling: Pulling,
  kinks: KinkAtPoints,
  layer: number,
  bounds: Deviations,
  wanted: readonly WantedRow[],
  pruning?: Pruning,
): Promise<void> {
  const {tools, lines, pushed} = pulling
  const take = takeRow.bind(undefined, pulling, bounds)
  let left = wanted
  const lost: WantedRow[] = []
  while (left.length > 0 && pushed?.worthIt(layer, left.length)) {
    // One side of each number at a time; of a number that wants both, the other is left.
    const signs = new Float32Array(kinks.center.length).fill(left[0]!.sign)
    const taken = new Uint8Array(kinks.center.length)
    const [own, others]: [WantedRow[], WantedRow[]] = [[], []]
    for (const row of left) {
      if (taken[row.at]) others.push(row)
      else {
        taken[row.at] = 1
        signs[row.at] = row.sign
        own.push(row)
      }
    }
    const [rows] = await pushed.rows(layer, [signs])
    const {slack, length} = rows!
    for (const row of own) {
      // Where pushing lost too much, rows are pulled.
      if (Number.isNaN(length[row.at]!)) lost.push(row)
      else take(row, slack[row.at]!, length[row.at]!)
    }
    left = others
  }
  left = [...left, ...lost]
  const {program, memory} = tools
  const rows = {program, layer, kinks, wanted: left, lines, memory, pruning, take}
  await pullRows({...rows, norm: 'l2'}, readsFast(tools))
}

/** Tightens the bounds of every form. */
export async function pullEvery(
  pulling: Pulling,
  kinks: KinkAtPoints,
  item: KinkInstruction,
  bounds: Deviations,
): Promise<void> {
  const {tools, radius, lines, pushed} = pulling
  const {center} = kinks
  const wanted: WantedRow[] = []
  const want = (at: number, sign: 1 | -1) =>
    wanted.push({point: Math.floor(at / kinks.forms), at, sign})
  if (pushed?.worthIt(item.layer, center.length)) {
    const all = (sign: 1 | -1) => new Float32Array(center.length).fill(sign)
    const [below, above] = await pushed.rows(item.layer, [all(1), all(-1)])
    takeSide(pulling, bounds.below, below!, (at) => want(at, 1))
    takeSide(pulling, bounds.above, above!, (at) => want(at, -1))
  } else {
    const take = (at: number, sign: 1 | -1, slack: number, length: number) => {
      const point = Math.floor(at / item.units)
      takeRow(pulling, bounds, {point, at, sign}, slack, length)
    }
    if (await pullEveryRow(tools.program, item, radius.length, lines, tools.memory, take)) return
    center.forEach((value, at) => {
      if (value === Number.POSITIVE_INFINITY) return
      want(at, 1)
      want(at, -1)
    })
  }
  await takeRows(pulling, kinks, item.layer, bounds, wanted)
}

/** Tightens one side of every form by what was pushed; `leave` is told of those that have to be pulled. */
function takeSide(
  {radius, inflation}: Pulling,
  side: Float32Array,
  {slack, length}: SideRows,
  leave: (at: number) => void,
): void {
  const forms = side.length / radius.length
  for (let point = 0, at = 0; point < radius.length; point++) {
    const r = radius[point]!
    for (const end = at + forms; at < end; at++) {
      const found = (slack[at]! + r * length[at]!) * inflation
      if (found < side[at]!) side[at] = found
      else if (Number.isNaN(found)) leave(at)
    }
  }
}

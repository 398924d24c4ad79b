import type {Deviations, KinkAtPoints, Lines} from '../kinks/kink.js'
import type {KinkInstruction, Program} from '../program.js'
import {pullEveryRow} from '../pull-every-row.js'
import {pullRows} from '../pull-rows.js'
import type {PushedLayers} from '../push/pushed-layers.js'
import type {WantedRow} from '../row-grids.js'
import type {Pruning} from '../windows/prune.js'
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

const reachesOf = ({readers}: Program, {reach}: BallProgram): Promise<number[]> =>
  Promise.all(readers.map((_, value) => reach(value)))

/** First the sides that a kink lies within, which alone can decide a form, then the others. */
export async function pullUndecided(
  pulling: Pulling,
  kinks: KinkAtPoints,
  layer: number,
  bounds: Deviations,
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
  const {balls, tools} = pulling
  const pruning = balls && {
    reach: () => reachesOf(tools.program, balls),
    scales: balls.scales,
    // A side that is known well enough to decide its form is not needed any better.
    enough: (row: WantedRow, longest: number, slack: number) => {
      takeRow(pulling, bounds, row, slack, longest)
      return open(row.at) === 0
    },
  }
  await takeRows(pulling, kinks, layer, bounds, first, pruning)
  const others = second.filter(({at}) => open(at) !== 0)
  await takeRows(pulling, kinks, layer, bounds, others)
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
  const take = (row: WantedRow, slack: number, length: number) =>
    takeRow(pulling, bounds, row, slack, length)
  let left = wanted
  while (left.length > 0 && pushed?.worthIt(layer, left.length)) {
    // One side of each number at a time; of a number that wants both, the other is left.
    const signs = new Float32Array(kinks.center.length)
    const [own, others]: [WantedRow[], WantedRow[]] = [[], []]
    for (const row of left) {
      const taken = signs[row.at]! !== 0
      if (!taken) signs[row.at] = row.sign
      ;(taken ? others : own).push(row)
    }
    const {slack, length} = await pushed.rows(layer, signs)
    for (const row of own) take(row, slack[row.at]!, length[row.at]!)
    left = others
  }
  const {program, memory} = tools
  const options = {pruning, readsFast: readsFast(tools)}
  await pullRows(program, layer, kinks, left, lines, 'l2', memory, take, options)
}

/** Tightens the bounds of every form. */
export async function pullEvery(
  pulling: Pulling,
  kinks: KinkAtPoints,
  item: KinkInstruction,
  bounds: Deviations,
): Promise<void> {
  const {tools, radius, lines, pushed} = pulling
  const count = radius.length
  if (!pushed?.worthIt(item.layer, 2 * kinks.center.length)) {
    const take = (at: number, sign: 1 | -1, slack: number, length: number) => {
      const point = Math.floor(at / item.units)
      takeRow(pulling, bounds, {point, at, sign}, slack, length)
    }
    if (await pullEveryRow(tools.program, item, count, lines, tools.memory, take)) return
  }
  const wanted: WantedRow[] = []
  kinks.center.forEach((value, at) => {
    if (value === Number.POSITIVE_INFINITY) return
    const point = Math.floor(at / kinks.forms)
    wanted.push({point, at, sign: 1}, {point, at, sign: -1})
  })
  await takeRows(pulling, kinks, item.layer, bounds, wanted)
}

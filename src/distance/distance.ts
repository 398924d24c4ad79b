import {type BoundTools, readsFast} from '../bounds/bound-layers.js'
import {NonFiniteError} from '../errors.js'
import {type Forward, numbersOf} from '../forward/forward.js'
import type {KinkAtPoints} from '../kinks/kink.js'
import {type LayerRows, pullAtOnce} from '../on-device/pull-at-once.js'
import {distanceAtOnce, promising} from '../on-device/worth-it.js'
import type {Norm} from '../options.js'
import type {KinkInstruction, Program} from '../program/program.js'
import type {Pruning} from '../pull/pruning.js'
import {pullRows} from '../pull/pull-rows.js'
import type {WantedRow} from '../pull/row-grids.js'
import {gradientReach} from '../windows/prune.js'
import {type FormDistance, refineDistances} from './distance64.js'
import {gradientBounds} from './gradient-bounds.js'

/** The nearest boundary of every point. */
export interface Boundaries {
  /** `[points]`, in units of the input space; Infinity where no unit can ever change. */
  readonly distance: Float64Array
  /** Kinked layer of the unit whose boundary it is; -1 where the distance is infinite. */
  readonly layer: Int32Array
  /** The unit within the layer's flattened output; -1 likewise. */
  readonly unit: Int32Array
}

/**
 * The exact distance from each point to the nearest boundary of its activation region:
 *
 *     distance(x) = min over all units i of |z_i(x) - t| / ||grad_x z_i(x)||,
 *
 * t the unit's nearest kink, with the norm dual to that of the input space; for a maximum, the winner less each
 * rival in place of z. Most gradients need never be computed: a unit is at least |z_i - t| / (a bound on its
 * gradient) away. First come the most promising units of each layer, then every unit whose lower bound
 * is still below its point's best; where a gradient that is on its way turns out to be too small for that, it goes no
 * further. The answer is exact when none is left.
 */
export async function nearestBoundaries(
  tools: BoundTools,
  forward: Forward,
  norm: Norm,
): Promise<Boundaries> {
  const {program, memory} = tools
  const {count} = forward.points
  const tangents = forward.kinks.map((kinks) => kinks.tangents())
  const search = new Search(forward)
  const {evaluated, best, bounds} = search
  const atOnce =
    tools.roundTrips !== undefined && distanceAtOnce(tools.roundTrips.costs, program, count)
  const waiting: LayerRows[] = []
  const pull = async ({layer}: KinkInstruction, rows: readonly WantedRow[]) => {
    tools.checkTime()
    if (atOnce) {
      waiting.push({layer, rows})
      return
    }
    const kinks = forward.kinks[layer]!
    const take = search.takeRow.bind(search, layer)
    const enough = search.isFar.bind(search, layer)
    const pruning: Pruning = {reach: gradientReach(tools, layer, norm), enough}
    const request = {program, layer, kinks, wanted: rows, lines: tangents, norm, memory}
    await pullRows({...request, pruning, take}, readsFast(tools))
  }
  const pullWaiting = async () => {
    if (!atOnce) return
    const start = performance.now()
    const take = search.take.bind(search)
    await pullAtOnce(program, forward, waiting.splice(0), tangents, norm, memory, take)
    tools.roundTrips?.spared(`distance ${norm}`, performance.now() - start)
  }

  const steepest = await gradientBounds(tools, forward, tangents, norm)
  for (const item of program.kinks) {
    const kinks = forward.kinks[item.layer]!
    const exact = gradientsAtInput(program, item, norm, steepest[item.layer]!)
    if (exact && kinks.plain) {
      bounds.push(undefined)
      takeKnown(item.layer, kinks, exact, best, evaluated)
      continue
    }
    const own = lowerBounds(kinks, exact ?? steepest[item.layer]!, numbersOf(item))
    bounds.push(own)
    const first: WantedRow[] = []
    for (let point = 0; point < count; point++) {
      for (const at of smallest(own, point * kinks.forms, kinks.forms, promising)) {
        if (own[at]! <= best[point]!) first.push({point, at, sign: 1})
      }
    }
    await pull(item, first)
  }
  await pullWaiting()
  for (const item of program.kinks) {
    const own = bounds[item.layer]
    if (own) await pull(item, rowsWithin(own, best))
  }
  await pullWaiting()
  return refineDistances(program, forward, evaluated)
}

/** What has been found so far. A class, whose methods stay compiled from one snapshot to the next: see `Passage`. */
class Search {
  /** Of each point. */
  readonly evaluated: FormDistance[][]
  /** The least distance of each point. */
  readonly best: Float64Array
  /** Below which no boundary of each form can be; undefined for a layer whose distances are all known. */
  readonly bounds: (Float32Array | undefined)[] = []
  readonly #forward: Forward

  constructor(forward: Forward) {
    const {count} = forward.points
    this.evaluated = []
    for (let point = 0; point < count; point++) this.evaluated.push([])
    this.best = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
    this.#forward = forward
  }

  /** Takes the gradient of a form. */
  take(layer: number, {point, at}: WantedRow, length: number): void {
    const kinks = this.#forward.kinks[layer]!
    const {gap, rounding} = kinks
    this.bounds[layer]![at] = Number.POSITIVE_INFINITY
    if (length === 0) return
    if (!(length < Number.POSITIVE_INFINITY)) throw steeperThanNumbers(layer, kinks, at)
    const found = {layer, at, gap: gap[at]!, error: rounding[at]!, gradient: length}
    this.evaluated[point]!.push(found)
    this.best[point] = Math.min(this.best[point]!, (found.gap + found.error) / length)
  }

  /** As `PullRequest.take`. */
  takeRow(layer: number, row: WantedRow, _slack: number, length: number): void {
    this.take(layer, row, length)
  }

  /** Whether a form whose gradient is at most so long is farther than what is nearest: it is done with. */
  isFar(layer: number, {point, at}: WantedRow, longest: number): boolean {
    const {gap, rounding} = this.#forward.kinks[layer]!
    const far = (gap[at]! - rounding[at]!) / longest > this.best[point]!
    if (far) this.bounds[layer]![at] = Number.POSITIVE_INFINITY
    return far
  }
}

function steeperThanNumbers(layer: number, kinks: KinkAtPoints, at: number): NonFiniteError {
  return new NonFiniteError(
    `kinked layer ${layer}: expected gradients that float32 can hold, got a larger one at unit ` +
      `${kinks.unit(at % kinks.forms)}, whose distance is not known; the weights may have diverged`,
  )
}

/** The gradients of units that read the input through one map alone: the lengths of its rows, the same at all points. */
function gradientsAtInput(
  program: Program,
  {input}: KinkInstruction,
  norm: Norm,
  sums: ArrayLike<number>,
): ArrayLike<number> | undefined {
  const maker = program.instructions[input - 1]
  if (maker?.kind !== 'affine' || maker.inputs.length > 1 || maker.inputs[0] !== 0) return undefined
  return norm === 'l2' ? maker.map.rowNorms[0]! : sums
}

/** Puts the distances of a layer whose gradients are known among those found: of each point, all that could be its least. */
function takeKnown(
  layer: number,
  {forms, gap, rounding}: KinkAtPoints,
  gradients: ArrayLike<number>,
  best: Float64Array,
  evaluated: readonly FormDistance[][],
): void {
  for (let point = 0, start = 0; point < best.length; point++, start += forms) {
    let least = best[point]!
    for (let form = 0, at = start; form < forms; form++, at++) {
      const farthest = (gap[at]! + rounding[at]!) / gradients[form]!
      if (farthest < least) least = farthest
    }
    best[point] = least
    for (let form = 0, at = start; form < forms; form++, at++) {
      const gradient = gradients[form]!
      // A unit without a gradient never changes.
      if (!(gradient > 0) || (gap[at]! - rounding[at]!) / gradient > least) continue
      evaluated[point]!.push({layer, at, gap: gap[at]!, error: rounding[at]!, gradient})
    }
  }
}

/** A distance below which no boundary of each form can be. */
function lowerBounds(
  kinks: KinkAtPoints,
  gradients: ArrayLike<number>,
  numbers: number,
): Float32Array {
  const {forms, gap, rounding, plain} = kinks
  const shared = gradients.length === numbers
  const bounds = new Float32Array(gap.length)
  for (let start = 0, own = 0; start < gap.length; start += forms, own += numbers) {
    const from = shared ? 0 : own
    for (let at = start; at < start + forms; at++) {
      let gradient = gradients[from + (plain ? at - start : kinks.first(at))]!
      const second = plain ? -1 : kinks.second(at)
      if (second >= 0) gradient += gradients[from + second]!
      const size = Math.max(0, gap[at]! - rounding[at]!)
      const reachable = gap[at]! < Number.POSITIVE_INFINITY && gradient > 0
      bounds[at] = reachable ? size / gradient : Number.POSITIVE_INFINITY
    }
  }
  return bounds
}

/** The forms of each point that may still be nearer than what is nearest there. */
function rowsWithin(bounds: Float32Array, best: Float64Array): WantedRow[] {
  const forms = bounds.length / best.length
  const wanted: WantedRow[] = []
  for (let point = 0, at = 0; point < best.length; point++) {
    // No bound of what is done with, Infinity, is within.
    const least = Math.min(best[point]!, Number.MAX_VALUE)
    for (const end = at + forms; at < end; at++) {
      if (bounds[at]! <= least) wanted.push({point, at, sign: 1})
    }
  }
  return wanted
}

/** Places of the least bounds of one point. */
function smallest(bounds: Float32Array, start: number, forms: number, count: number): number[] {
  const found: number[] = []
  for (let at = start; at < start + forms; at++) {
    const bound = bounds[at]!
    if (bound === Number.POSITIVE_INFINITY) continue
    let place = found.length
    while (place > 0 && bounds[found[place - 1]!]! > bound) place--
    if (place >= count) continue
    found.splice(place, 0, at)
    if (found.length > count) found.pop()
  }
  return found
}

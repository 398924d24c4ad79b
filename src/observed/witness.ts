import type {BoundTools} from '../bounds/bound-layers.js'
import {type Forward, runForward, valuesPerPoint} from '../forward/forward.js'
import type {WantedRow} from '../pull/row-grids.js'
import {placeInBall} from './ball-points.js'
import {gradientsOf} from './gradients.js'
import {type OpenForms, rowOf} from './open-forms.js'
import {type SeenPieces, seenPieces} from './seen-pieces.js'

/** How hard to search. */
export interface WitnessSettings {
  /** Steps along a gradient for each unit: the first along that at the center. */
  readonly steps: number
}

/** More rows of a point at once would leave others no time to be seen on the way. */
const rowsPerTurn = 16

/**
 * Searches each ball for units that change their piece: from the center to the edge of the ball against the
 * gradient of each open form, where its linear continuation is least; then, as often as `steps` says in all,
 * anew from the center along the gradient at the point reached. What the network does at each such point, all
 * units at once, is read off a forward pass; units that were seen on the way of others are not tried again.
 *
 * A unit counts only if it is on two pieces at two points of the open ball, the center among them, each
 * further from its kink than rounding reaches.
 *
 * @returns units seen to change, per layer `[points]`
 */
export async function witness(
  {program, memory}: BoundTools,
  forward: Forward,
  radius: Float64Array,
  open: readonly OpenForms[],
  {steps}: WitnessSettings,
): Promise<Int32Array[]> {
  const {points, roundoff} = forward
  const {size} = points
  const seen = seenPieces(
    program.kinks.map(({units}) => units),
    points.count,
    true,
  )
  seen.note(
    forward,
    Int32Array.from({length: points.count}, (_, point) => point),
  )
  const tangents = forward.kinks.map((kinks) => kinks.tangents())
  // Some sixteen numbers for each value of a point: tensors of both passes, and their copies on the host.
  const most = Math.max(1, Math.min(4096, Math.floor(memory / (64 * valuesPerPoint(program)))))

  /** Points at the edges of the balls, and the network there. */
  const stepTo = async (rows: readonly WantedRow[], gradients: Float32Array) => {
    const values = new Float32Array(rows.length * size)
    rows.forEach(({point}, r) => {
      const against = gradients.subarray(r * size, (r + 1) * size).map((value) => -value)
      const center = points.values.subarray(point * size, (point + 1) * size)
      const out = values.subarray(r * size, (r + 1) * size)
      placeInBall(out, center, against, Number.POSITIVE_INFINITY, radius[point]!)
    })
    const reached = {values, count: rows.length, size}
    const there = await runForward(program, reached, roundoff, memory)
    seen.note(
      there,
      rows.map(({point}) => point),
    )
    return there
  }

  for (const {layer} of program.kinks.toReversed()) {
    const kinks = forward.kinks[layer]!
    for (const turn of turns(open[layer]!, kinks.forms, most, unseen(seen, layer, kinks))) {
      let rows = turn
      let where = rows.map(({point}) => point)
      let slopes = tangents
      for (let step = 1; rows.length > 0; step++) {
        const gradients = await gradientsOf(program, layer, kinks, rows, where, slopes)
        const there = await stepTo(rows, gradients)
        if (step === steps) break
        const left = rows.map((_, r) => r).filter((r) => unseen(seen, layer, kinks)(rows[r]!.at))
        if (left.length > 0) slopes = there.kinks.map((own) => own.tangents())
        rows = left.map((r) => rows[r]!)
        where = left
      }
    }
  }
  return seen.counts()
}

/** Whether the unit of a form has not been seen to change. */
function unseen({changed}: SeenPieces, layer: number, kinks: Forward['kinks'][number]) {
  const moved = changed[layer]!
  const units = kinks.forms === 0 ? 0 : moved.length / (kinks.center.length / kinks.forms)
  return (at: number) =>
    moved[Math.floor(at / kinks.forms) * units + kinks.unit(at % kinks.forms)] === 0
}

/** Rows to try, turn by turn: a few of every point, without those that are no longer wanted when their turn comes. */
function* turns(
  open: OpenForms,
  forms: number,
  most: number,
  isWanted: (at: number) => boolean,
): Generator<WantedRow[]> {
  const next = open.starts.slice(0, -1)
  let turn: WantedRow[] = []
  for (let left = true; left; ) {
    left = false
    for (let point = 0; point < next.length; point++) {
      const end = open.starts[point + 1]!
      for (let taken = 0; taken < rowsPerTurn && next[point]! < end; next[point]!++) {
        if (!isWanted(open.at[next[point]!]!)) continue
        turn.push(rowOf(open, next[point]!, forms))
        taken++
        if (turn.length === most) {
          yield turn
          turn = []
        }
      }
      left ||= next[point]! < end
    }
    if (turn.length > 0) yield turn
    turn = []
  }
}

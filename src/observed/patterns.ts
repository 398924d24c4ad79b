import type {BoundTools} from '../bounds/bound-layers.js'
import {pickDistinct, type RandomSource, randomStream} from '../common/random.js'
import {type Forward, runForward, valuesPerPoint} from '../forward/forward.js'
import type {KinkAtPoints} from '../kinks/kink.js'
import type {Balls} from '../radii/at-each-radius.js'
import {gradientsOf} from './gradients.js'
import {type OpenForms, rowOf} from './open-forms.js'
import {patternSet} from './pattern-set.js'
import {sampleAlong, sampleUniform} from './sample-ball.js'

/** From how many gradients half of the samples are combined. */
const mostGradients = 32

/** What samples are drawn, and how many. */
export interface PatternSettings {
  readonly samples: number
  readonly seed: number
}

/**
 * Counts distinct activation patterns at sampled points of each ball: its center; then, turn about, a point uniform in
 * the ball and one in a random combination of up to 32 gradients of forms that the bounds leave open, because in many
 * dimensions uniform points hardly ever leave the center's region.
 *
 * Only pieces beyond what rounding could do tell patterns apart, and only open units can have two.
 *
 * @returns `[points]`, at least 1
 */
export async function countPatterns(
  {program, memory}: BoundTools,
  {forward, start, radius}: Balls,
  open: readonly OpenForms[],
  {samples, seed}: PatternSettings,
): Promise<Int32Array> {
  const {points, roundoff} = forward
  const {size} = points
  const tangents = forward.kinks.map((kinks) => kinks.tangents())
  const most = Math.max(1, Math.min(samples, Math.floor(memory / (64 * valuesPerPoint(program)))))
  const counts = new Int32Array(points.count).fill(1)
  for (let point = 0; point < points.count; point++) {
    const units = openUnits(forward, open, point)
    if (units.every((own) => own.length === 0)) continue
    const rng = randomStream(`${seed}/patterns/${start + point}`)
    const center = points.values.subarray(point * size, (point + 1) * size)
    const directions = await openGradients(point, rng)
    const found = patternSet()
    for (let first = 0; first < samples; first += most) {
      const count = Math.min(most, samples - first)
      const values = new Float32Array(count * size)
      for (let s = 0; s < count; s++) {
        const out = values.subarray(s * size, (s + 1) * size)
        if (first + s === 0) out.set(center)
        else if ((first + s) % 2 === 1) sampleUniform(out, center, radius[point]!, rng)
        else sampleAlong(out, center, radius[point]!, directions, rng)
      }
      const there = await runForward(program, {values, count, size}, roundoff, memory)
      patternsOf(there.kinks, units, count).forEach(found.add)
    }
    counts[point] = found.count
  }
  return counts

  /** Directions of length 1. */
  async function openGradients(point: number, rng: RandomSource): Promise<Float32Array[]> {
    const entries = open.flatMap(({starts}, layer) =>
      Array.from({length: starts[point + 1]! - starts[point]!}, (_, k) => ({
        layer,
        entry: starts[point]! + k,
      })),
    )
    const picked = pickDistinct(rng, Math.min(mostGradients, entries.length), entries.length)
    const found: Float32Array[] = []
    for (const [layer, kinks] of forward.kinks.entries()) {
      const rows = Array.from(picked, (k) => entries[k]!)
        .filter((one) => one.layer === layer)
        .map(({entry}) => rowOf(open[layer]!, entry, kinks.forms))
      if (rows.length === 0) continue
      const where = rows.map(() => point)
      const gradients = await gradientsOf(program, layer, kinks, rows, where, tangents)
      for (let r = 0; r < rows.length; r++) {
        const gradient = gradients.subarray(r * size, (r + 1) * size)
        const length = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0))
        if (length > 0) found.push(gradient.map((value) => value / length))
      }
    }
    return found
  }
}

/** Per layer the units that have an open form on the ball of one point. */
function openUnits({kinks}: Forward, open: readonly OpenForms[], point: number): Int32Array[] {
  return open.map(({at, starts}, layer) => {
    const own = kinks[layer]!
    const places = at.subarray(starts[point]!, starts[point + 1]!)
    return Int32Array.from(new Set(Array.from(places, (place) => own.unit(place % own.forms))))
  })
}

/** The pieces of the given units at each point, all layers after one another. */
function patternsOf(
  kinks: readonly KinkAtPoints[],
  units: readonly Int32Array[],
  count: number,
): Int32Array[] {
  const length = units.reduce((sum, own) => sum + own.length, 0)
  const patterns = Array.from({length: count}, () => new Int32Array(length))
  let from = 0
  units.forEach((own, layer) => {
    const pieces = kinks[layer]!.pieces(true)
    const width = pieces.length / count
    patterns.forEach((pattern, p) => {
      own.forEach((unit, k) => {
        pattern[from + k] = pieces[p * width + unit]!
      })
    })
    from += own.length
  })
  return patterns
}

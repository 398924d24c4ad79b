import {max, type Tensor2D, tensor2d, tidy} from '@tensorflow/tfjs'
import {roundedDown, roundedUp} from '../rounding.js'
import {
  anything,
  type Deviations,
  type Kink,
  type KinkAtPoints,
  type Lines,
  straight,
} from './kink.js'

/**
 * The largest of K numbers a unit: max pooling, Maximum, maxout. A boundary runs wherever the winner ties with
 * a rival; where two losers tie, nothing happens.
 *
 * @param valid `[K x units]`: whether unit and candidate exist (windows at an edge have fewer); at least
 *   one a unit
 */
export function maximum(units: number, candidates: number, valid: Uint8Array): Kink {
  // A number that is not there never wins.
  const penalty = Float32Array.from(valid, (there) => (there ? 0 : -1e30))
  const padded = penalty.some((value) => value !== 0)
  return {
    candidates,
    steepest: 1,
    silent: false,
    monotone: true,
    exact: true,
    range: anything,
    bendsWithin: () => true,
    activation: (z) =>
      tidy(() => {
        const there = padded ? z.add(tensor2d(penalty, [1, penalty.length])) : z
        return max(there.reshape([-1, candidates, units]), 1) as Tensor2D
      }),
    value64: (z) => {
      const numbers = candidates * units
      return Float64Array.from({length: z.length / candidates}, (_, at) => {
        const start = Math.floor(at / units) * numbers
        return z[start + winnerOf(z, start, at % units, units, valid)]!
      })
    },
    at: (z, rounding) => atPoints(units, candidates, valid, z, rounding),
  }
}

/** The place of the largest number that a unit reads, among a point's numbers. */
function winnerOf(
  z: Float32Array | Float64Array,
  start: number,
  unit: number,
  units: number,
  valid: Uint8Array,
): number {
  let best = -1
  for (let at = unit; at < valid.length; at += units) {
    if (valid[at] && (best < 0 || z[start + at]! > z[start + best]!)) best = at
  }
  return best
}

function atPoints(
  units: number,
  candidates: number,
  valid: Uint8Array,
  z: Float32Array,
  numberRounding: Float32Array,
): KinkAtPoints {
  const numbers = candidates * units
  const points = z.length / numbers
  const winners = new Int32Array(points * units)
  for (let point = 0; point < points; point++) {
    for (let unit = 0; unit < units; unit++) {
      winners[point * units + unit] = winnerOf(z, point * numbers, unit, units, valid)
    }
  }
  const winner = (at: number) => winners[Math.floor(at / numbers) * units + (at % units)]!
  const winnerAt = (at: number) => at - (at % numbers) + winner(at)
  const isRival = (at: number) => valid[at % numbers] === 1 && at % numbers !== winner(at)
  const center = z.map((zi, at) => (isRival(at) ? z[winnerAt(at)]! - zi : Number.POSITIVE_INFINITY))
  const rounding = numberRounding.map((own, at) => own + numberRounding[winnerAt(at)]!)
  /** Whether the rival can win somewhere on the ball. */
  const canWin = (at: number, below: number) => below > center[at]!

  return {
    forms: numbers,
    plain: false,
    center,
    rounding,
    gap: center,
    gap64: (first, second) => Math.abs(first - second!),
    first: winner,
    second: (at) => at % numbers,
    unit: (form) => form % units,
    formDeviations: ({below, above}) => ({
      below: below.map((_, at) => below[winnerAt(at)]! + above[at]!),
      above: above.map((_, at) => above[winnerAt(at)]! + below[at]!),
    }),
    openSides: (at, below) => (canWin(at, below) ? 1 : 0),
    openPlaces: () => undefined,
    narrow: () => {},
    image: ({below, above}, forms) => {
      const out = {below: new Float32Array(points * units), above: new Float32Array(points * units)}
      eachUnit((place, first) => {
        // The output is at least the winner of the center, and exceeds it only where a rival wins.
        out.below[place] = below[first]!
        let rise = above[first]!
        eachRival(place, (at) => {
          out.below[place] = Math.min(out.below[place]!, center[at]! + below[at]!)
          if (canWin(at, forms.below[at]!)) rise = Math.max(rise, above[at]! - center[at]!)
        })
        out.above[place] = rise
      })
      return out
    },
    lines: (forms) => lines(forms),
    // The largest exceeds the winner of the center by no more than a rival can lead.
    secants: ({below}) => {
      const gap = new Float32Array(points * units)
      eachUnit((place) => {
        eachRival(place, (at) => {
          if (canWin(at, below[at]!)) gap[place] = Math.max(gap[place]!, below[at]! - center[at]!)
        })
      })
      return {slope: oneAtWinner(), halfWidth: undefined, gap}
    },
    changesToKinks: () => undefined,
    tangents: () => straight(oneAtWinner()),
    passing: () => undefined,
    surelyFlat: () => false,
    pieces: (onlySure) => {
      const pieces = new Int32Array(points * units)
      eachUnit((place, first) => {
        let leads = true
        eachRival(place, (at) => {
          leads &&= center[at]! > rounding[at]!
        })
        pieces[place] = leads || !onlySure ? Math.floor((first % numbers) / units) : -1
      })
      return pieces
    },
    counts: (point, {below}) => {
      let [unstable, kinks] = [0, 0]
      for (let unit = 0; unit < units; unit++) {
        let rivals = 0
        eachRival(point * units + unit, (at) => {
          if (canWin(at, below[at]!)) rivals++
        })
        // Any two of the candidates that can win may tie.
        if (rivals > 0) unstable++
        kinks += (rivals * (rivals + 1)) / 2
      }
      return {unstable, active: units - unstable, kinks, doubles: 0, moving: units}
    },
    bounds: ({below, above}) => {
      const lower = new Float32Array(points * units).fill(Number.POSITIVE_INFINITY)
      const upper = new Float32Array(points * units).fill(Number.POSITIVE_INFINITY)
      eachUnit((place) => {
        eachRival(place, (at) => {
          lower[place] = Math.min(lower[place]!, roundedDown(center[at]! - below[at]!))
          upper[place] = Math.min(upper[place]!, roundedUp(center[at]! + above[at]!))
        })
      })
      return {lower, upper}
    },
  }

  function eachUnit(take: (place: number, winnerAt: number) => void): void {
    for (let point = 0; point < points; point++) {
      for (let unit = 0; unit < units; unit++) {
        const place = point * units + unit
        take(place, point * numbers + winners[place]!)
      }
    }
  }

  function eachRival(place: number, take: (at: number) => void): void {
    const start = Math.floor(place / units) * numbers + (place % units)
    for (let k = 0; k < candidates; k++) {
      const at = start + k * units
      if (isRival(at)) take(at)
    }
  }

  function oneAtWinner(): Float32Array {
    const slopes = new Float32Array(z.length)
    eachUnit((_, first) => {
      slopes[first] = 1
    })
    return slopes
  }

  /**
   * Below: the winner of the center. Above, with the rivals that can win: f = z_w + max(0, max_k (z_k - z_w))
   * <= z_w + sum_k relu(z_k - z_w), each relu under its chord; or z_w + the most that any z_k - z_w can be,
   * where that is nearer at the center.
   */
  function lines({below, above}: Deviations): Lines {
    const lowerSlope = oneAtWinner()
    const upperSlope = lowerSlope.slice()
    const upperGap = new Float32Array(points * units)
    let bent = false
    eachUnit((place, first) => {
      let gap = 0
      let lead = 0
      eachRival(place, (at) => {
        if (!canWin(at, below[at]!)) return
        bent = true
        // t = z_k - z_w lies within [-center - above, below - center] and can be above 0.
        const most = below[at]! - center[at]!
        const least = -center[at]! - above[at]!
        const chord = Math.fround(most / (most - least))
        const height = Math.max(most - chord * most, -chord * least)
        upperSlope[at] = upperSlope[at]! + chord
        upperSlope[first] = upperSlope[first]! - chord
        gap += Math.max(0, height - chord * center[at]!)
        lead = Math.max(lead, most)
      })
      upperGap[place] = Math.min(gap, lead)
      if (gap <= lead) return
      upperSlope[first] = 1
      eachRival(place, (at) => {
        upperSlope[at] = 0
      })
    })
    return {lowerSlope, upperSlope, lowerGap: new Float32Array(points * units), upperGap, bent}
  }
}

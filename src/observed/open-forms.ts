import type {LayerBounds} from '../bounds/bound-layers.js'
import type {Forward} from '../forward/forward.js'
import type {WantedRow} from '../pull/row-grids.js'

/**
 * The forms of one layer that bounds leave open on balls, point after point: every other unit keeps its piece, so
 * only these need be looked at. A side to step to is an entry of its own.
 */
export interface OpenForms {
  /** Counted over all points: point * forms + form. */
  readonly at: Int32Array
  /** 1: the kink lies below, and the form must fall to reach it; -1: above. */
  readonly signs: Int8Array
  /** Where each point's entries begin; one more at the end. */
  readonly starts: Int32Array
}

/** The open forms of every layer on one ball a point. */
export function openForms({kinks, points}: Forward, {deviations}: LayerBounds): OpenForms[] {
  return kinks.map((own, layer) => {
    const {forms, gap, rounding} = own
    const {below, above} = deviations[layer]!
    const at: number[] = []
    const signs: (1 | -1)[] = []
    const starts = new Int32Array(points.count + 1)
    for (let place = 0; place < gap.length; place++) {
      if (place % forms === 0) starts[place / forms] = at.length
      const sides = own.openSides(place, below[place]!, above[place]!)
      if (sides === 0) continue
      // Where rounding hides on which side the center lies, either side may be the other one.
      const onKink = gap[place]! <= rounding[place]!
      if (sides & 1 || onKink) signs[at.push(place) - 1] = 1
      if (sides & 2 || onKink) signs[at.push(place) - 1] = -1
    }
    starts[points.count] = at.length
    return {at: Int32Array.from(at), signs: Int8Array.from(signs), starts}
  })
}

/** An entry as a row to pull back. */
export function rowOf({at, signs}: OpenForms, entry: number, forms: number): WantedRow {
  const place = at[entry]!
  return {point: Math.floor(place / forms), at: place, sign: signs[entry] as 1 | -1}
}

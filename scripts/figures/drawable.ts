import {partition} from '../partition.js'
import {aloneCaption} from './caption.js'
import type {Band, Pooled, SeedMedian} from './pool.js'

/** Numbers the parts of a line or band between which something cannot be drawn. */
type Stretch<Row> = Row & {readonly stretch: number}

export interface Drawable {
  readonly bands: readonly Stretch<Band>[]
  readonly lines: readonly Stretch<Omit<Band, 'low' | 'high'>>[]
  readonly medians: readonly Stretch<SeedMedian>[]
  /** A sentence for each thing that is left out, for the caption. */
  readonly notes: readonly string[]
}

/**
 * Leaves out what has no place on a scale (infinity, and 0 where the scale is logarithmic), so that
 * lines and bands break there instead of running across, and says so.
 */
export function drawable(pooled: Pooled, scale: 'linear' | 'log'): Drawable {
  const fits = (value: number) => Number.isFinite(value) && (scale === 'linear' || value > 0)
  const {bands, medians, alone} = pooled
  const place = ({panel, group}: Band | SeedMedian) => `${panel}\n${group}`
  const drawn = {
    bands: stretches(bands, place, ({low, high}) => fits(low) && fits(high)),
    lines: stretches(bands, place, ({median}) => fits(median)).map(({low, high, ...line}) => line),
    medians: stretches(
      medians,
      (row) => `${place(row)}\n${row.seed}`,
      ({median}) => fits(median),
    ),
  }
  const lostBands = bands.length - drawn.bands.length
  const lostMedians = bands.length - drawn.lines.length
  const outside = scale === 'log' ? 'infinite or 0' : 'infinite'
  return {
    ...drawn,
    notes: [
      lostBands === 0
        ? ''
        : `Not drawn because they are ${outside}: an edge of the band at ${lostBands} of ` +
          `${bands.length} places, the median at ${lostMedians}.`,
      aloneCaption(alone),
    ],
  }
}

function stretches<Row>(
  rows: readonly Row[],
  line: (row: Row) => string,
  drawn: (row: Row) => boolean,
): Stretch<Row>[] {
  return partition(rows, line).flatMap((ofLine) => {
    let stretch = 0
    return ofLine.flatMap((row) => {
      if (drawn(row)) return [{...row, stretch}]
      stretch++
      return []
    })
  })
}

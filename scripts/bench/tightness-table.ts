import type {TableCell} from '../table.js'
import type {CountingCostRow} from './counting-cost.js'
import type {RefinePlaceRow} from './refine-places.js'
import type {TightnessRow} from './tightness.js'

/** A table of its own. */
interface Section {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly TableCell[])[]
}

/** The bounds side by side, where to refine them, and what the countings cost. */
export function tightnessSections(
  tightness: readonly TightnessRow[],
  places: readonly RefinePlaceRow[],
  countings: readonly CountingCostRow[],
): Section[] {
  const found: Section[] = []
  if (tightness.length > 0) {
    found.push({
      title: 'log2 of the regions, means over the points',
      head: [
        'network',
        'radius',
        'witnessed',
        'exact',
        'refined',
        'cells',
        'ms a point',
        'flats',
        'product',
        'interval',
        'spectral',
        'whole space',
      ],
      rows: tightness.map((row) => [
        row.network,
        row.radius,
        bits(row.witnessed),
        row.exact === undefined ? null : bits(row.exact),
        bits(row.refined),
        row.refinedCells,
        Math.round(row.refinedMs),
        bits(row.flats),
        bits(row.product),
        bits(row.interval),
        bits(row.spectral),
        bits(row.wholeSpace),
      ]),
    })
  }
  if (places.length > 0) {
    found.push({
      title:
        'Cells bounded on the host and on the backend: log2 of the regions, means over the points',
      head: ['network', 'radius', 'budget a point', 'host', 'host ms', 'backend', 'backend ms'],
      rows: places.map((row) => [
        row.network,
        row.radius,
        row.budget,
        bits(row.host),
        Math.round(row.hostMs),
        bits(row.backend),
        Math.round(row.backendMs),
      ]),
    })
  }
  if (countings.length > 0) {
    found.push({
      title: 'A snapshot: distances, and bounds by spectral and combined',
      head: ['network', 'points', 'radius', 'product ms', 'flats ms', 'ratio'],
      rows: countings.map((row) => [
        row.network,
        row.points,
        row.radius,
        Math.round(row.product),
        Math.round(row.flats),
        Number(row.ratio.toFixed(2)),
      ]),
    })
  }
  return found
}

const bits = (value: number) => Number(value.toFixed(2))

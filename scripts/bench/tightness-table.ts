import {type TableCell, table} from '../table.js'
import type {CountingCostRow} from './counting-cost.js'
import type {TightnessRow} from './tightness.js'

/** The bounds side by side, and what the countings cost, for a person. */
export function tightnessTables(
  tightness: readonly TightnessRow[],
  countings: readonly CountingCostRow[],
): string[] {
  const texts: string[] = []
  const [first] = tightness
  if (first) {
    const head = ['log2, means', 'radius', 'witnessed', 'exact', 'refined', 'flats', 'product']
    const rows = tightness.map((row): TableCell[] => [
      row.network,
      row.radius,
      bits(row.witnessed),
      row.exact === undefined ? '' : bits(row.exact),
      bits(row.refined),
      bits(row.flats),
      bits(row.product),
      bits(row.interval),
      bits(row.spectral),
      bits(row.wholeSpace),
    ])
    texts.push(
      `refined: for ${first.refinedMs} ms a point. refined, flats and product on combined; interval and ` +
        'spectral by product.\n' +
        table([...head, 'interval', 'spectral', 'whole space'], rows),
    )
  }
  if (countings.length > 0) {
    const rows = countings.map((row): TableCell[] => [
      row.network,
      row.points,
      row.radius,
      Math.round(row.product),
      Math.round(row.flats),
      Number(row.ratio.toFixed(2)),
    ])
    texts.push(
      'A snapshot: distances, and bounds by spectral and combined.\n' +
        table(['network', 'points', 'radius', 'product, ms', 'flats, ms', 'ratio'], rows),
    )
  }
  return texts
}

const bits = (value: number) => Number(value.toFixed(2))

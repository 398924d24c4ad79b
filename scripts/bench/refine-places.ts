import type {RefineOptions} from '../../src/index.js'
import {refineBounds} from '../../src/refine/index.js'
import {mlp} from './networks.js'
import {atPoints, mean, small, type TightnessCase} from './tightness.js'

/** Refined bounds whose cells are bounded on the host, and on the backend: the least of some runs. */
export interface RefinePlaceRow {
  readonly network: string
  readonly points: number
  readonly radius: number
  readonly budget: string
  /** log2, means over the points. */
  readonly host: number
  readonly backend: number
  /** Milliseconds a point. */
  readonly hostMs: number
  readonly backendMs: number
}

const budgets: readonly RefineOptions[] = [{cells: 16}, {ms: 100}]

const images: TightnessCase = {
  ...small('784-[256x3]', [784, 256, 256, 256]),
  span: [0, 1],
  build: mlp(3, 256, 0).build,
}

/** From few inputs to many. */
export const placeCases: readonly TightnessCase[] = [
  {...small('2-[32x3]', [2, 32, 32, 32]), points: 8, radii: [0.3]},
  {...small('4-[32x3]', [4, 32, 32, 32]), points: 8, radii: [0.3]},
  {...small('5-[32x3]', [5, 32, 32, 32]), points: 8, radii: [0.3]},
  {...small('6-[32x3]', [6, 32, 32, 32]), points: 8, radii: [0.3]},
  {...small('10-[16,16]', [10, 16, 16]), points: 8, radii: [0.3]},
  {...small('64-[128x3]', [64, 128, 128, 128]), points: 8, radii: [0.2]},
  {...images, points: 4, radii: [0.03, 0.1]},
]

/** Times both in turn, so that whatever else the machine does meets them alike. */
export async function timePlaces(runs: number, cases = placeCases): Promise<RefinePlaceRow[]> {
  const rows: RefinePlaceRow[] = []
  for (const own of cases) {
    await atPoints(own, async (network, points) => {
      for (const radius of own.radii) {
        const radii = new Float64Array(points.length).fill(radius)
        const refine = async (place: 'host' | 'backend', {cells, ms}: RefineOptions) => {
          const start = performance.now()
          const {log2Regions} = await refineBounds(network, points, radii, {
            method: 'combined',
            counting: 'flats',
            memory: 2 ** 29,
            budget: {cells: cells ?? Number.POSITIVE_INFINITY, ms: ms ?? Number.POSITIVE_INFINITY},
            place,
          })
          return {bits: mean(log2Regions), ms: (performance.now() - start) / points.length}
        }
        for (const budget of budgets) {
          const host: Awaited<ReturnType<typeof refine>>[] = []
          const backend: typeof host = []
          for (let run = 0; run < runs; run++) {
            host.push(await refine('host', budget))
            backend.push(await refine('backend', budget))
          }
          const least = (found: typeof host, key: 'bits' | 'ms') =>
            Math.min(...found.map((one) => one[key]))
          rows.push({
            network: own.name,
            points: points.length,
            radius,
            budget: budget.cells === undefined ? `${budget.ms} ms` : `${budget.cells} cells`,
            host: least(host, 'bits'),
            backend: least(backend, 'bits'),
            hostMs: least(host, 'ms'),
            backendMs: least(backend, 'ms'),
          })
        }
      }
    })
  }
  return rows
}

import {type BoundTools, boundLayers, type LayerBounds} from './bounds/bound-layers.js'
import {countRegions, type RegionCounts} from './bounds/count-regions.js'
import {countFlats} from './bounds/flats/index.js'
import {giveBack} from './common/spare-arrays.js'
import {createStop} from './common/stop.js'
import {type Boundaries, nearestBoundaries} from './distance/distance.js'
import type {Forward} from './forward/forward.js'
import {inputShapeOf, type Network} from './network.js'
import {
  noteOpen,
  type Observed,
  type ObserveRequest,
  type OpenBalls,
  observe,
} from './observed/observe.js'
import {
  type Counting,
  checkMemory,
  countings,
  knownOptions,
  type Method,
  methods,
  type Norm,
  norms,
  oneOf,
} from './options.js'
import {type PointsLike, readPoints} from './points.js'
import {atEachRadius, joined} from './radii/at-each-radius.js'
import {readRadius} from './radius.js'
import {type Session, withSession} from './session.js'

/** One radius for every point, with the text of the rule it comes from. */
export interface Radii {
  readonly rule: string
  /** `[points]`, above 0, in units of the input space. */
  readonly radius: Float64Array
}

/** What to measure at each point. */
export interface MeasureRequest extends ObserveRequest {
  /** Norms of the exact distances; none by default. */
  readonly norms?: readonly Norm[]
  /** Methods of the bounds, each at every radius; none by default. */
  readonly methods?: readonly Method[]
  readonly radii?: readonly Radii[]
  /** How each method's unstable units become a count of regions. Default: ['flats']. */
  readonly countings?: readonly Counting[]
  /** Limit for working tensors in bytes. Default: 512 MB. */
  readonly memory?: number
  /**
   * Asked between chunks of points, layers and radii whether to stop. What is whole by then is kept, the rest is in
   * `skipped`; one distance, or one method at one radius, is always measured. Default: never.
   */
  readonly stop?: () => boolean
}

/** Exact distances in one norm. */
export interface Distances extends Boundaries {
  readonly norm: Norm
}

/** Upper bounds by one method and counting at one radius. */
export interface Bounds extends RegionCounts {
  readonly method: Method
  readonly counting: Counting
  readonly rule: string
  readonly radius: Float64Array
}

/** Everything that was asked for, and what it cost. */
export interface Measured extends Observed {
  readonly distances: readonly Distances[]
  /** Methods by countings by radii, in the order asked for. */
  readonly bounds: readonly Bounds[]
  /** What was left out because it was time to stop: 'distance l2', 'bound combined, 0.1', 'witnessed', ... */
  readonly skipped: readonly string[]
  /**
   * Milliseconds by name: 'network' and 'norms', which all measurements share, 'distance l2', 'bound combined', ...; how
   * many of these went by 'without reading back' between layers, where the backend's round trips are dear: 'bound
   * combined without reading back', ...
   */
  readonly timings: Readonly<Record<string, number>>
}

/**
 * Measures everything asked for at the points, on the weights that the network has now, and shares what
 * it can: the weights are read once, the points go through the network once, and the bounds of a larger
 * ball help those of a smaller one (`combined`).
 *
 * @param points `[points, ...input shape]`
 * @throws RangeError for points of another shape; NonFiniteError where points or weights are not finite
 *
 * ```ts
 * const {distances, bounds} = await measureNetwork(readNetwork(model), points, {
 *   norms: ['l2'],
 *   methods: ['combined'],
 *   radii: [{rule: '0.1', radius: new Float64Array(points.shape[0]).fill(0.1)}],
 * })
 * ```
 */
export async function measureNetwork(
  network: Network,
  points: PointsLike,
  request: MeasureRequest,
): Promise<Measured> {
  const memory = checkMemory(knownOptions(request, requestNames).memory)
  const read = await readPoints('points', points, inputShapeOf(network))
  checkRequest(request, read.count)
  const stop = createStop(request.stop)
  const use = async (session: Session): Promise<Measured> => {
    await session.timed('norms', () => makeNorms(session.tools, request))
    const skipped: string[] = []
    const distances: Distances[] = []
    for (const norm of request.norms ?? []) {
      const name = `distance ${norm}`
      const parts = await stop.whole(() =>
        session.eachChunk(name, (forward) => nearestBoundaries(session.tools, forward, norm)),
      )
      if (parts) distances.push({norm, ...joinBoundaries(parts)})
      else skipped.push(name)
    }
    const bounds: Bounds[] = []
    const {radii = [], countings: ways = ['flats']} = request
    const observes = request.witnessed || request.patterns
    const open: OpenBalls = new Map()
    for (const method of radii.length > 0 ? (request.methods ?? []) : []) {
      const counts = await countAtRadii(session, method, ways, radii, (forward, found) => {
        if (observes && method === 'combined') noteOpen(open, forward, found)
      })
      ways.forEach((counting, way) => {
        radii.forEach(({rule, radius}, k) => {
          const own = counts[k]?.[way]
          if (own) bounds.push({method, counting, rule, radius, ...own})
        })
      })
      radii.forEach(({rule}, k) => {
        if (!counts[k]) skipped.push(`bound ${method}, ${rule}`)
      })
    }
    const observed = await observe(session, request, radii, open)
    return {
      distances,
      bounds,
      ...observed,
      skipped: [...skipped, ...observed.skipped],
      timings: session.timings,
    }
  }
  return withSession(network, read, memory, use, stop)
}

const requestNames = [
  'norms',
  'methods',
  'radii',
  'countings',
  'memory',
  'stop',
  'witnessed',
  'patterns',
  'localComplexity',
] as const

function checkRequest(request: MeasureRequest, count: number): void {
  const {norms: wanted, methods: ways, countings: counts, radii} = request
  for (const norm of wanted ?? []) oneOf('norms', norm, norms)
  for (const method of ways ?? []) oneOf('methods', method, methods)
  for (const counting of counts ?? []) oneOf('countings', counting, countings)
  for (const {rule, radius} of radii ?? []) readRadius(radius, count, `radii: '${rule}'`)
}

/** Makes the norms that several measurements need, so that none of them is charged with what it shares. */
async function makeNorms({program, balls}: BoundTools, request: MeasureRequest): Promise<void> {
  const {norms: wanted = [], methods: all = [], radii = []} = request
  const ways = radii.length > 0 ? all : []
  const kinds = [
    ...(wanted.length > 0 || ways.includes('spectral') ? (['plain'] as const) : []),
    ...(ways.includes('combined') ? (['normalised'] as const) : []),
  ]
  for (const kind of kinds) {
    for (const {input} of program.kinks) {
      const maker = program.instructions[input - 1]
      const read = maker?.kind === 'affine' ? maker.inputs : [input]
      await Promise.all(read.map(balls(kind).reach))
    }
  }
}

/** Whether a method pulls rows back at every point, so that 'flats' may do so too. */
export function pullsBack(method: Method): boolean {
  return method === 'crown' || method === 'combined'
}

/**
 * Counts by each of the `ways` at every radius, in the order of `radii`; from the largest to the smallest at each
 * point.
 */
async function countAtRadii(
  session: Session,
  method: Method,
  ways: readonly Counting[],
  radii: readonly Radii[],
  take: (forward: Forward, bounds: LayerBounds) => void,
): Promise<(RegionCounts[] | undefined)[]> {
  const {tools} = session
  const larger = new Map<Forward, {bounds: LayerBounds; flats?: Float64Array}>()
  const lists = await atEachRadius(session, `bound ${method}`, radii, async ({forward, radius}) => {
    const before = larger.get(forward)
    const bounds = await boundLayers(tools, forward, radius, method, before?.bounds, false)
    take(forward, bounds)
    const byFlats = ways.includes('flats')
    // Either counting counts the units, too.
    const product =
      ways.includes('product') || !byFlats
        ? countRegions(tools.program, forward, bounds)
        : undefined
    let flats: RegionCounts | undefined
    if (byFlats) {
      const read: Float32Array[] = []
      const pieces = await countFlats(tools, forward, radius, bounds, pullsBack(method), read)
      const found = countRegions(tools.program, forward, bounds, pieces)
      giveBack(...read)
      // A ball within another one meets no more regions.
      const log2Regions = found.log2Regions.map((bits, p) =>
        Math.min(bits, before?.flats?.[p] ?? bits),
      )
      flats = {...found, log2Regions}
    }
    larger.set(forward, {bounds, ...(flats && {flats: flats.log2Regions})})
    const {unstable, active} = (product ?? flats)!
    const log2 = ways.map((way) => (way === 'flats' ? flats : product)!.log2Regions)
    return [...log2, ...unstable, ...active]
  })
  const layers = tools.program.kinks.length
  return lists.map((found) => {
    if (!found) return undefined
    const log2 = found.slice(0, ways.length) as Float64Array[]
    const counts = found.slice(ways.length) as Int32Array[]
    const [unstable, active] = [counts.slice(0, layers), counts.slice(layers)]
    return log2.map((log2Regions) => ({log2Regions, unstable, active}))
  })
}

function joinBoundaries(parts: readonly Boundaries[]): Boundaries {
  return {
    distance: joined(parts.map(({distance}) => distance)),
    layer: joined(parts.map(({layer}) => layer)),
    unit: joined(parts.map(({unit}) => unit)),
  }
}

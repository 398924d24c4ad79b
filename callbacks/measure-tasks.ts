import * as tf from '@tensorflow/tfjs'
import {type MeasureRequest, measureNetwork} from '../src/measure.js'
import type {Counting, Method, Norm} from '../src/options.js'
import type {
  LoggedBounds,
  LoggedDistances,
  LoggedMeasurement,
  LoggedPoint,
} from '../storage/snapshot.js'
import {messageOf} from './as-error.js'
import {
  type Measure,
  type MeasureInput,
  type MeasureName,
  observedMeasures,
  type Values,
} from './measures/index.js'
import {type RandomSource, randomStream} from './random.js'
import {watchTensors} from './tensors.js'

/** What a snapshot has gathered so far. */
export interface Gathered {
  points: readonly LoggedPoint[]
  readonly distances: LoggedDistances[]
  readonly bounds: LoggedBounds[]
  readonly measurements: LoggedMeasurement[]
  readonly timings: Record<string, number>
}

/** Which measures, and how. */
export interface MeasurePlan {
  readonly core: ReadonlySet<MeasureName>
  readonly own: readonly Measure[]
  readonly norms: readonly Norm[]
  readonly methods: readonly Method[]
  readonly countings: readonly Counting[]
  /** Bytes for working tensors. */
  readonly memory: number
  readonly seed: number
}

/** A piece of a snapshot that can be left out. */
export interface Task {
  readonly name: string
  readonly isCore: boolean
  /** @returns what of it was left out when `stop` said that time is up */
  readonly run: (stop: () => boolean) => Promise<readonly string[]>
}

/**
 * The tasks of a snapshot in their order: what this package measures, as one, so that it shares all it can, and each
 * measure of one's own.
 */
export function tasksOf(
  plan: MeasurePlan,
  request: Omit<MeasureInput, 'rng'>,
  gathered: Gathered,
): Task[] {
  const core: Task = {
    name: 'core',
    isCore: true,
    run: (stop) => measureCore(request, {...coreRequest(plan, request), stop}, gathered),
  }
  const own = plan.own.map((measure): Task => {
    const run = () => measureOwn(measure, plan.seed, request, gathered).then(() => [])
    return {name: measure.name, isCore: false, run}
  })
  return plan.core.size > 0 ? [core, ...own] : own
}

function coreRequest(
  {core, norms, methods, countings, memory, seed}: MeasurePlan,
  {step, points}: Omit<MeasureInput, 'rng'>,
): MeasureRequest {
  const observed = Object.values(observedMeasures).filter(({name}) => core.has(name))
  const requests = observed.map(({name, request}) =>
    request(seedOf(seed, name, step), points.size / points.shape[0]!),
  )
  return Object.assign(
    {
      memory,
      countings,
      norms: core.has('distance') ? norms : [],
      methods: core.has('bound') ? methods : [],
    },
    ...requests,
  )
}

async function measureCore(
  {network, points, radii}: Omit<MeasureInput, 'rng'>,
  asked: MeasureRequest,
  gathered: Gathered,
): Promise<readonly string[]> {
  const measured = await measureNetwork(network, points, {...asked, radii})
  gathered.distances.push(...measured.distances)
  gathered.bounds.push(...measured.bounds)
  for (const {name, values} of Object.values(observedMeasures)) {
    const found = values(measured).map(({rule, value}) => ({measure: name, rule, value}))
    gathered.measurements.push(...found)
  }
  for (const [name, ms] of Object.entries(measured.timings)) gathered.timings[name] = ms
  return measured.skipped
}

async function measureOwn(
  measure: Measure,
  seed: number,
  request: Omit<MeasureInput, 'rng'>,
  gathered: Gathered,
): Promise<void> {
  const {name} = measure
  const rng = streamOf(seed, name, request.step)
  const tensors = watchTensors()
  let values: Values | undefined
  try {
    values = await measure.measure({...request, rng})
    const value = await readValues(values, request.labels.length)
    gathered.measurements.push({measure: name, rule: '', value})
  } catch (cause) {
    throw new Error(`measures: '${name}': ${messageOf(cause)}`, {cause})
  } finally {
    tensors.disposeNew(values)
  }
}

/** The stream of random numbers that belongs to a measure at a step. */
function streamOf(seed: number, measure: string, step: number): RandomSource {
  return randomStream(`${seed}/measure ${measure}/${step}`)
}

/** The same as a whole number. */
function seedOf(seed: number, measure: string, step: number): number {
  return Math.floor(streamOf(seed, measure, step)() * 2 ** 32)
}

async function readValues(values: Values, count: number): Promise<Float64Array> {
  const numbers = Float64Array.from(values instanceof tf.Tensor ? await values.data() : values)
  if (numbers.length !== count)
    throw new RangeError(`expected one number for each of ${count} points, got ${numbers.length}`)
  const point = numbers.findIndex(Number.isNaN)
  if (point < 0) return numbers
  throw new RangeError(`expected numbers, got NaN at point ${point}`)
}

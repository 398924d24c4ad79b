import * as tf from '@tensorflow/tfjs'
import {measureNetwork} from '../src/measure.js'
import type {Method, Norm} from '../src/options.js'
import type {
  LoggedBounds,
  LoggedDistances,
  LoggedMeasurement,
  LoggedPoint,
} from '../storage/snapshot.js'
import type {Measure, MeasureInput, MeasureName, Values} from './measures/index.js'
import {randomStream} from './random.js'
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
  /** Bytes for working tensors. */
  readonly memory: number
  readonly seed: number
}

/** A piece of a snapshot that can be left out. */
export interface Task {
  readonly name: string
  readonly isCore: boolean
  readonly run: () => Promise<void>
}

/**
 * The tasks of a snapshot in their order: the distance, the bound, measures of one's own.
 *
 * The core measures are one task, so that they share all they can, unless they must be `separable`:
 * then the distance is one and each method another. A method's radii stay together, because
 * 'combined' uses the bounds of a larger radius for a smaller one.
 */
export function tasksOf(
  plan: MeasurePlan,
  request: Omit<MeasureInput, 'rng'>,
  gathered: Gathered,
  separable: boolean,
): Task[] {
  const parts = [
    ...(plan.core.has('distance') ? [{name: 'distance', norms: plan.norms, methods: []}] : []),
    ...(plan.core.has('bound') ? plan.methods : []).map((method) => ({
      name: `bound ${method}`,
      norms: [],
      methods: [method],
    })),
  ]
  const whole = {
    name: parts.map(({name}) => name).join(', '),
    norms: parts.flatMap(({norms}) => norms),
    methods: parts.flatMap(({methods}) => methods),
  }
  const core = separable || !parts.length ? parts : [whole]
  return [
    ...core.map(({name, norms, methods}) => ({
      name,
      isCore: true,
      run: () => measureCore(request, {norms, methods, memory: plan.memory}, gathered),
    })),
    ...plan.own.map((measure) => ({
      name: measure.name,
      isCore: false,
      run: () => measureOwn(measure, plan.seed, request, gathered),
    })),
  ]
}

async function measureCore(
  {network, points, radii}: Omit<MeasureInput, 'rng'>,
  asked: Pick<MeasurePlan, 'norms' | 'methods' | 'memory'>,
  gathered: Gathered,
): Promise<void> {
  const measured = await measureNetwork(network, points, {...asked, radii})
  gathered.distances.push(...measured.distances)
  gathered.bounds.push(...measured.bounds)
  for (const [name, ms] of Object.entries(measured.timings))
    gathered.timings[name] = (gathered.timings[name] ?? 0) + ms
}

async function measureOwn(
  measure: Measure,
  seed: number,
  request: Omit<MeasureInput, 'rng'>,
  gathered: Gathered,
): Promise<void> {
  const {name} = measure
  const rng = randomStream(`${seed}/measure ${name}/${request.step}`)
  const tensors = watchTensors()
  let values: Values | undefined
  try {
    values = await measure.measure({...request, rng})
    const value = await readValues(values, request.labels.length)
    gathered.measurements.push({measure: name, rule: '', value})
  } catch (cause) {
    throw new Error(`measures: '${name}': ${(cause as Error)?.message ?? cause}`, {cause})
  } finally {
    tensors.disposeNew(values)
  }
}

async function readValues(values: Values, count: number): Promise<Float64Array> {
  const numbers = Float64Array.from(values instanceof tf.Tensor ? await values.data() : values)
  if (numbers.length !== count)
    throw new RangeError(`expected one number for each of ${count} points, got ${numbers.length}`)
  const point = numbers.findIndex(Number.isNaN)
  if (point < 0) return numbers
  throw new RangeError(`expected numbers, got NaN at point ${point}`)
}

import type {LoggedPoint} from '../storage/snapshot.js'
import {messageOf} from './as-error.js'
import {wrong} from './check.js'
import type {Group, Sample, SampleRequest} from './groups/index.js'
import {makePoints, type Points, type PointsInput, pointAt, readPoints} from './points.js'
import {randomStream} from './random.js'
import {watchTensors} from './tensors.js'

/** The points of a snapshot, group after group. */
export interface Drawn {
  readonly points: Points
  readonly logged: readonly LoggedPoint[]
}

/** How to draw them. */
export interface DrawOptions {
  readonly groups: readonly Group[]
  readonly seed: number
  readonly resample: boolean
  readonly keepInputs: boolean
}

/**
 * Draws the points of every group, each from a stream of random numbers that belongs to the seed,
 * the group and the step; without `resample` to step 0, whatever the step.
 *
 * @throws Error naming the group where it gives no points of the network's input shape
 */
export async function drawPoints(
  {groups, seed, resample, keepInputs}: DrawOptions,
  request: Omit<SampleRequest, 'rng'>,
): Promise<Drawn> {
  const {shape} = request.data
  const parts: Float32Array[] = []
  const logged: LoggedPoint[] = []
  for (const group of groups) {
    const rng = randomStream(`${seed}/${group.name}/${resample ? request.step : 0}`)
    const {points, originIndex, labels} = await sample(group, {...request, rng}, shape)
    parts.push(points.values)
    for (let slot = 0; slot < points.count; slot++) {
      logged.push({
        group: group.name,
        slot,
        originIndex: originIndex?.[slot] ?? null,
        label: labels?.[slot] ?? null,
        input: keepInputs ? pointAt(points, slot) : null,
      })
    }
  }
  const values = new Float32Array(parts.reduce((total, part) => total + part.length, 0))
  let start = 0
  for (const part of parts) {
    values.set(part, start)
    start += part.length
  }
  return {points: makePoints(values, shape), logged}
}

async function sample(group: Group, request: SampleRequest, shape: readonly number[]) {
  const tensors = watchTensors()
  let drawn: Sample | undefined
  try {
    const given: PointsInput | Sample = await group.sample(request)
    drawn = isSample(given) ? given : {points: given}
    const points = await readPoints('points', drawn.points, shape)
    checkLength('originIndex', drawn.originIndex, points.count)
    checkLength('labels', drawn.labels, points.count)
    return {...drawn, points}
  } catch (cause) {
    throw new Error(`groups: '${group.name}': ${messageOf(cause)}`, {cause})
  } finally {
    tensors.disposeNew(drawn?.points)
  }
}

function isSample(given: PointsInput | Sample): given is Sample {
  return given !== null && typeof given === 'object' && 'points' in given
}

function checkLength(option: string, list: ArrayLike<number> | undefined, count: number): void {
  if (list && list.length !== count) throw wrong(option, `one for each of ${count} points`, list)
}

import {LogError} from './errors.js'
import type {Snapshot} from './snapshot.js'

/**
 * That a snapshot can be stored as it is.
 *
 * @throws LogError naming the column and the point for NaN, and for arrays that do not have one
 * number a point
 */
export function checkSnapshot(snapshot: Snapshot): void {
  const {points, distances, bounds, measurements} = snapshot
  refuseNaN('snapshots.step', snapshot.step)
  refuseNaN('snapshots.epoch', snapshot.epoch)
  refuseNaN('snapshots.loss', snapshot.loss)
  refuseNaN('snapshots.train_ms', snapshot.trainMs)
  refuseNaN('snapshots.measure_ms', snapshot.measureMs)
  for (const [measure, ms] of Object.entries(snapshot.timings)) {
    refuseNaN('timings.ms', ms, measure)
  }
  points.forEach(({input, label, originIndex}, point) => {
    refuseNaN('points.label', label, `point ${point}`)
    refuseNaN('points.origin_index', originIndex, `point ${point}`)
    if (input?.some(Number.isNaN)) refuseNaN('points.input', Number.NaN, `point ${point}`)
  })

  const perPoint = (column: string, values: ArrayLike<number>, of: string) => {
    if (values.length !== points.length) {
      throw new LogError(
        `${column}: expected one number for each of the ${points.length} points, got ${values.length} (${of})`,
      )
    }
    for (let point = 0; point < values.length; point++) {
      refuseNaN(column, values[point], `point ${point}, ${points[point]!.group}, ${of}`)
    }
  }
  for (const {norm, distance, layer, unit} of distances) {
    perPoint('distances.distance', distance, norm)
    perPoint('distances.layer', layer, norm)
    perPoint('distances.unit', unit, norm)
  }
  for (const {method, counting, rule, radius, log2Regions, unstable, active} of bounds) {
    const of = `${method}, ${counting}, ${rule}`
    perPoint('bounds.radius', radius, of)
    perPoint('bounds.log2_regions', log2Regions, of)
    if (unstable.length !== active.length) {
      throw new LogError(
        `layer_bounds.active: expected ${unstable.length} layers, as many as unstable, got ${active.length} (${of})`,
      )
    }
    for (const counts of unstable) perPoint('layer_bounds.unstable', counts, of)
    for (const counts of active) perPoint('layer_bounds.active', counts, of)
  }
  for (const {measure, rule, value} of measurements) {
    perPoint('measurements.value', value, rule ? `${measure}, ${rule}` : measure)
  }
}

function refuseNaN(column: string, value: number | null | undefined, where = ''): void {
  if (!Number.isNaN(value)) return
  throw new LogError(`${column}: expected a number, got NaN${where && ` (${where})`}`)
}

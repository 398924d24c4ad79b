import {show} from './common/show.js'

/** A radius for all points, or one per point. */
export type RadiusLike = number | ArrayLike<number>

/**
 * One radius per point.
 *
 * @param option name of the option, for errors
 * @throws RangeError for a radius that is not a finite number above 0, or another number of them
 */
export function readRadius(radius: RadiusLike, count: number, option = 'radius'): Float64Array {
  const isList = typeof radius === 'object' && radius !== null && typeof radius.length === 'number'
  if (typeof radius !== 'number' && !isList) {
    throw new RangeError(`${option}: expected a number or ${count} of them, got ${show(radius)}`)
  }
  const radii =
    typeof radius === 'number' ? new Float64Array(count).fill(radius) : Float64Array.from(radius)
  if (radii.length !== count) {
    throw new RangeError(`${option}: expected a number or ${count} of them, got ${radii.length}`)
  }
  const bad = radii.findIndex(isNoRadius)
  if (bad >= 0) {
    throw new RangeError(`${option}: expected a finite number above 0, got ${radii[bad]}`)
  }
  return radii
}

const isNoRadius = (radius: number) => !(radius > 0 && Number.isFinite(radius))

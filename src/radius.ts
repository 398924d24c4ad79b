import {show} from './common/show.js'

/** A radius for all points, or one per point. */
export type RadiusLike = number | ArrayLike<number>

/**
 * One radius per point.
 *
 * @param option name of the option, for errors
 * @throws RangeError for a radius that is not a finite number above 0 or is below 1e-30, or another number of them
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
  const small = radii.find((own) => own < least)
  if (small !== undefined) {
    throw new RangeError(
      `${option}: expected a number of at least ${least}, got ${small}: float32 would take what units ` +
        'move by on so small a ball for 0',
    )
  }
  return radii
}

/** With rows of length 1e-7 and more, products with it are numbers of float32. */
const least = 1e-30

const isNoRadius = (radius: number) => !(radius > 0 && Number.isFinite(radius))

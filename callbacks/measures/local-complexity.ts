import {checkDirections, sumOverLayers} from '../../src/local-complexity.js'
import type {ObservedMeasure} from './observed.js'

/** Units of all layers that differ between the vertices of a random cross-polytope, see `localComplexity`. */
export const localComplexity: ObservedMeasure<'local-complexity'> = {
  name: 'local-complexity',
  unit: 'units',
  request: (seed, dimensions) => ({
    localComplexity: {directions: checkDirections(undefined, dimensions), seed},
  }),
  values: (measured) =>
    measured.localComplexity.map(({rule, radius, crossed}) => ({
      rule,
      value: Float64Array.from(sumOverLayers(crossed, radius.length)),
    })),
}

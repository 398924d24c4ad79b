import {sumOverLayers} from '../../src/local-complexity.js'
import {defaultSteps} from '../../src/witnessed-units.js'
import type {ObservedMeasure} from './observed.js'

/** Units of all layers that are seen to change inside the ball, see `witnessedUnits`. */
export const witnessed: ObservedMeasure<'witnessed'> = {
  name: 'witnessed',
  unit: 'units',
  request: () => ({witnessed: {steps: defaultSteps}}),
  values: (measured) =>
    measured.witnessed.map(({rule, radius, witnessed: layers}) => ({
      rule,
      value: Float64Array.from(sumOverLayers(layers, radius.length)),
    })),
}

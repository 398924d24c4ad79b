import {defaultSamples} from '../../src/observed-patterns.js'
import type {ObservedMeasure} from './observed.js'

/** log2 of the activation patterns that are seen inside the ball, see `observedPatterns`. */
export const patterns: ObservedMeasure<'patterns'> = {
  name: 'patterns',
  unit: 'log2 regions',
  request: (seed) => ({patterns: {samples: defaultSamples, seed}}),
  values: (measured) =>
    measured.patterns.map(({rule, patterns: counts}) => ({
      rule,
      value: Float64Array.from(counts, Math.log2),
    })),
}

import {pointAt} from '../points.js'
import {pickDistinct} from '../random.js'
import type {Group} from './group.js'
import {checkEnough} from './train.js'

/** Training points with their features permuted, each by a permutation of its own. */
export const shuffled: Group = {
  name: 'shuffled',
  check: ({n, data}) => checkEnough('data', n, data),
  sample: ({rng, n, data}) => {
    const {features, count} = data
    const originIndex = pickDistinct(rng, n, count)
    const points = new Float32Array(n * features)
    for (const [slot, index] of originIndex.entries()) {
      const [point, permutation] = [pointAt(data, index), pickDistinct(rng, features, features)]
      for (let feature = 0; feature < features; feature++)
        points[slot * features + feature] = point[permutation[feature]!]!
    }
    return {points, originIndex}
  },
}

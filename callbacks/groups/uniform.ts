import type {Group} from './group.js'
import {rangesOf} from './ranges.js'

/** Random points: each feature uniform between its least and its greatest value in the data. */
export const uniform: Group = {
  name: 'uniform',
  sample: ({rng, n, data}) => {
    const {least, greatest} = rangesOf(data)
    const points = new Float32Array(n * data.features)
    for (let index = 0; index < points.length; index++) {
      const low = least[index % data.features]!
      points[index] = low + rng() * (greatest[index % data.features]! - low)
    }
    return {points}
  },
}

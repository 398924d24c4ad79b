import {randomNormal} from 'd3-random'
import {length, pointAt} from '../points.js'
import {pick} from '../random.js'
import type {Group} from './group.js'

/** Random directions, all equally likely, each as long as a training point that is drawn for it. */
export const gaussian: Group = {
  name: 'gaussian',
  sample: ({rng, n, data}) => {
    const normal = randomNormal.source(rng)(0, 1)
    const points = new Float32Array(n * data.features)
    for (const [slot, index] of pick(rng, n, data.count).entries()) {
      const direction = Float64Array.from({length: data.features}, normal)
      const scale = length(pointAt(data, index)) / length(direction)
      points.set(
        direction.map((value) => value * scale),
        slot * data.features,
      )
    }
    return {points}
  },
}

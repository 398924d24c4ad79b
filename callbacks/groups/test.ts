import {pointsAt} from '../points.js'
import {pickDistinct} from '../random.js'
import type {Group} from './group.js'
import {checkEnough} from './train.js'

/** Points of `testData`, no two of them the same example. */
export const test: Group = {
  name: 'test',
  check: ({n, testData}) => checkEnough('testData', n, testData!),
  sample: ({rng, n, testData, testLabels}) => {
    const originIndex = pickDistinct(rng, n, testData!.count)
    return {
      points: pointsAt(testData!, originIndex),
      originIndex,
      ...(testLabels && {labels: originIndex.map((index) => testLabels[index]!)}),
    }
  },
}

import {wrong} from '../check.js'
import {type Points, pointsAt} from '../points.js'
import {pickDistinct} from '../random.js'
import type {Group} from './group.js'

/** Training points, no two of them the same example. */
export const train: Group = {
  name: 'train',
  check: ({n, data}) => checkEnough('data', n, data),
  sample: ({rng, n, data, labels}) => {
    const originIndex = pickDistinct(rng, n, data.count)
    return {
      points: pointsAt(data, originIndex),
      originIndex,
      ...(labels && {labels: originIndex.map((index) => labels[index]!)}),
    }
  },
}

/** Refuses to draw more distinct examples than there are. */
export function checkEnough(option: string, n: number, {count}: Points): void {
  if (n > count)
    throw wrong('points', `at most ${count}, for ${option} has only ${count} examples`, n)
}

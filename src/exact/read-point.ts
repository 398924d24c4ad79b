import {Tensor} from '@tensorflow/tfjs'
import type {Shape} from '../network.js'
import {type NestedNumbers, readPoints} from '../points.js'

/** One point of the input space: of the network's input shape or flattened, alone or as a batch of one. */
export type PointLike = Tensor | NestedNumbers | ArrayLike<number>

/**
 * Reads one point; like every point that is measured it is rounded to float32.
 *
 * @throws RangeError for another shape, or several points
 * @throws NonFiniteError for a NaN or infinite feature
 */
export async function readPoint(
  option: string,
  point: PointLike,
  inputShape: Shape,
): Promise<Float64Array> {
  const {values, count} =
    point instanceof Tensor
      ? await readTensor(option, point, inputShape)
      : await readPoints(option, batchOf(point, inputShape), inputShape)
  if (count !== 1) throw new RangeError(`${option}: expected one point, got ${count}`)
  return Float64Array.from(values)
}

const isAlone = (rank: number, inputShape: Shape) => rank === 1 || rank === inputShape.length

async function readTensor(option: string, point: Tensor, inputShape: Shape) {
  if (!isAlone(point.rank, inputShape)) return readPoints(option, point, inputShape)
  const batch = point.expandDims(0)
  try {
    return await readPoints(option, batch, inputShape)
  } finally {
    batch.dispose()
  }
}

function batchOf(point: NestedNumbers | ArrayLike<number>, inputShape: Shape): NestedNumbers {
  let rank = 0
  for (let item: unknown = point; typeof item === 'object' && item !== null; rank++) {
    item = (item as ArrayLike<unknown>)[0]
  }
  return (isAlone(rank, inputShape) ? [point] : point) as NestedNumbers
}

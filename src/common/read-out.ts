import type {Tensor} from '@tensorflow/tfjs'

/**
 * The numbers of tensors. Disposes of them, also where one cannot be read: a GPU may be lost or short of memory, and what
 * watches a training goes on.
 *
 * @throws what the first reading that failed did
 *
 * ```ts
 * const [numbers] = await readOut([tf.tensor1d([1, 2])])
 * ```
 */
export async function readOut(tensors: readonly Tensor[]): Promise<Float32Array[]> {
  const read = await Promise.allSettled(tensors.map(async (tensor) => tensor.data()))
  for (const tensor of tensors) tensor.dispose()
  return read.map((each) => {
    if (each.status === 'rejected') throw each.reason
    return each.value as Float32Array
  })
}

/** The same of one tensor. */
export async function readOne(tensor: Tensor): Promise<Float32Array> {
  const [values] = await readOut([tensor])
  return values!
}

import {concat, type Tensor, tidy} from '@tensorflow/tfjs'
import {readOne} from '../common/read-out.js'

/** The numbers of several tensors with one reading: joined on the device, taken apart on the host. Disposes of them. */
export async function readTogether(make: () => readonly Tensor[]): Promise<Float32Array[]> {
  const sizes: number[] = []
  const all = tidy(() => {
    const flat = make().map((tensor) => tensor.flatten())
    sizes.push(...flat.map(({size}) => size))
    return flat.length > 0 ? concat(flat) : undefined
  })
  if (!all) return []
  const values = await readOne(all)
  let start = 0
  return sizes.map((size) => {
    start += size
    return values.subarray(start - size, start)
  })
}

import {stack, type Tensor, type Tensor2D, type Tensor3D, tensor2d, tidy} from '@tensorflow/tfjs'

/**
 * What is made of each matrix of stacks, `[matrices, rows, columns]` with as many matrices, one or more, as a stack. They are cut on the
 * host: on WASM `slice`, and so `unstack`, copies all of a tensor for each part that it cuts out.
 *
 * ```ts
 * matrixByMatrix([a, b], ([left, right]) => tf.matMul(left!, right!))  // tf.matMul(a, b), matrix by matrix
 * ```
 */
export function matrixByMatrix(
  stacks: readonly Tensor[],
  make: (matrices: readonly Tensor2D[]) => Tensor2D,
): Tensor3D {
  const all = stacks.map((own) => {
    const [, rows, columns] = own.shape as [number, number, number]
    const values = own.dataSync() as Float32Array
    const size = rows * columns
    return (k: number) => tensor2d(values.subarray(k * size, (k + 1) * size), [rows, columns])
  })
  const made = Array.from({length: stacks[0]!.shape[0]!}, (_, k) =>
    tidy(() => make(all.map((at) => at(k)))),
  )
  const found = stack(made) as Tensor3D
  for (const each of made) each.dispose()
  return found
}

import {
  getBackend,
  matMul,
  stack,
  type Tensor,
  type Tensor2D,
  tidy,
  transpose,
} from '@tensorflow/tfjs'

/** `[points, rows, size]` -> `[points, rows, rows]` */
export function gramsOf(rows: Tensor): Tensor {
  if (getBackend() !== 'wasm') return matMul(rows, rows, false, true)
  // There products of stacks, and products with a transposed right side, are many times slower.
  const [count, perPoint, size] = rows.shape as [number, number, number]
  const each = Array.from({length: count}, (_, p) =>
    tidy(() => {
      const own = rows.slice([p, 0, 0], [1, -1, -1]).reshape([perPoint, size]) as Tensor2D
      return matMul(own, transpose(own))
    }),
  )
  return stack(each)
}

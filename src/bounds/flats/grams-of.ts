import {getBackend, matMul, type Tensor, transpose} from '@tensorflow/tfjs'
import {matrixByMatrix} from '../../common/matrix-by-matrix.js'

/** `[points, rows, size]` -> `[points, rows, rows]` */
export function gramsOf(rows: Tensor): Tensor {
  // On WASM products of stacks, and products with a transposed right side, are many times slower.
  return getBackend() === 'wasm'
    ? matrixByMatrix([rows], ([own]) => matMul(own!, transpose(own!)))
    : matMul(rows, rows, false, true)
}

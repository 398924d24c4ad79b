import {native64} from '../forward/native64.js'

// Arithmetic of a full matrix in float64 on the host; `kernel` is W transposed, `[in x out]`, as in `DenseWeights`.

/** W x + b at one point. Four inputs at a time: each output is loaded and stored once for four products. */
export function apply64(x: Float64Array, kernel: Float64Array, bias: Float64Array): Float64Array {
  const n = bias.length
  const out = bias.slice()
  const on: number[] = []
  for (let i = 0; i < x.length; i++) if (x[i] !== 0) on.push(i)
  let k = 0
  for (; k + 3 < on.length; k += 4) {
    const [i0, i1, i2, i3] = [on[k]!, on[k + 1]!, on[k + 2]!, on[k + 3]!]
    const [x0, x1, x2, x3] = [x[i0]!, x[i1]!, x[i2]!, x[i3]!]
    const [a0, a1, a2, a3] = [i0 * n, i1 * n, i2 * n, i3 * n]
    for (let j = 0; j < n; j++) {
      out[j]! +=
        x0 * kernel[a0 + j]! + x1 * kernel[a1 + j]! + x2 * kernel[a2 + j]! + x3 * kernel[a3 + j]!
    }
  }
  for (; k < on.length; k++) {
    const at = on[k]! * n
    const xi = x[on[k]!]!
    for (let j = 0; j < n; j++) out[j]! += xi * kernel[at + j]!
  }
  return out
}

/** W x + b at several points at once, `[count x out]`, where native TensorFlow multiplies float64; undefined elsewhere. */
export function applyRows64(
  x: Float64Array,
  kernel: Float64Array,
  bias: Float64Array,
  count: number,
): Float64Array | undefined {
  const n = bias.length
  const out = native64()?.multiply(x, kernel, [count, kernel.length / n, n])
  for (let at = 0; out && at < out.length; at += n) {
    for (let j = 0; j < n; j++) out[at + j]! += bias[j]!
  }
  return out
}

/**
 * The outputs that `units` names, put into `out`, four at a time: each input is loaded once for four products.
 *
 * @param rows W, `[out x in]`
 */
export function units64(
  x: Float64Array,
  rows: Float64Array,
  bias: Float64Array,
  units: Int32Array,
  out: Float64Array,
): void {
  const n = x.length
  let k = 0
  for (; k + 3 < units.length; k += 4) {
    const [u, v, w, y] = [units[k]!, units[k + 1]!, units[k + 2]!, units[k + 3]!]
    let [a, b, c, d] = [bias[u]!, bias[v]!, bias[w]!, bias[y]!]
    const [ra, rb, rc, rd] = [u * n, v * n, w * n, y * n]
    for (let i = 0; i < n; i++) {
      const xi = x[i]!
      a += rows[ra + i]! * xi
      b += rows[rb + i]! * xi
      c += rows[rc + i]! * xi
      d += rows[rd + i]! * xi
    }
    out[u] = a
    out[v] = b
    out[w] = c
    out[y] = d
  }
  for (; k < units.length; k++) {
    const unit = units[k]!
    let sum = bias[unit]!
    for (let i = 0; i < n; i++) sum += rows[unit * n + i]! * x[i]!
    out[unit] = sum
  }
}

/** Lengths of the rows of W, its columns scaled. Four inputs at a time, as in `apply64`. */
export function rowNorms(
  kernel: Float64Array,
  inputSize: number,
  outputSize: number,
  scale?: Float64Array,
): Float64Array {
  const squares = new Float64Array(outputSize)
  const factor = (i: number) => (scale ? scale[i]! * scale[i]! : 1)
  let i = 0
  for (; i + 3 < inputSize; i += 4) {
    const [f0, f1, f2, f3] = [factor(i), factor(i + 1), factor(i + 2), factor(i + 3)]
    const a0 = i * outputSize
    const [a1, a2, a3] = [a0 + outputSize, a0 + 2 * outputSize, a0 + 3 * outputSize]
    for (let j = 0; j < outputSize; j++) {
      const k0 = kernel[a0 + j]!
      const k1 = kernel[a1 + j]!
      const k2 = kernel[a2 + j]!
      const k3 = kernel[a3 + j]!
      squares[j]! += f0 * k0 * k0 + f1 * k1 * k1 + f2 * k2 * k2 + f3 * k3 * k3
    }
  }
  for (; i < inputSize; i++) {
    for (let j = 0; j < outputSize; j++) {
      const k = kernel[i * outputSize + j]!
      squares[j]! += factor(i) * k * k
    }
  }
  return squares.map(Math.sqrt)
}

/** The matrix `[rows x columns]` turned into `[columns x rows]`, written to `out`. */
export function transpose<T extends Float32Array | Float64Array>(
  values: Float64Array,
  rows: number,
  columns: number,
  out: T,
): T {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j]!
  }
  return out
}

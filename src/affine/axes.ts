import {matMul, type Tensor2D, type Tensor3D, tensor2d, tensor3d, tidy} from '@tensorflow/tfjs'
import {once} from '../common/once.js'
import type {AffineMap, AffineWeights, Keep} from './affine-map.js'
import {hostNormBound} from './spectral-norm.js'

/**
 * A map that treats the two places of an image apart and all channels alike: Y_c = A X_c B^T for each channel
 * c. Average pooling, cropping, zero padding and upsampling are such maps, with no entry below 0.
 */
export interface AxesWeights extends AffineWeights {
  readonly kind: 'axes'
}

/** A matrix on the host: `[rows x columns]`, row-major. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

/** A matrix from a function of its row and column. */
export function matrixOf(
  rows: number,
  columns: number,
  entry: (row: number, column: number) => number,
): Matrix {
  const values = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) values[i * columns + j] = entry(i, j)
  }
  return {rows, columns, values}
}

/** `vertical` is A, `[out height x height]`; `horizontal` is B, `[out width x width]`; entries at least 0. */
export function axesWeights(vertical: Matrix, horizontal: Matrix, channels: number): AxesWeights {
  return {
    kind: 'axes',
    inputSizes: [vertical.columns * horizontal.columns * channels],
    outputSize: vertical.rows * horizontal.rows * channels,
    after: () => undefined,
    build: (keep) => axesMap(vertical, horizontal, channels, keep),
  }
}

function axesMap(vertical: Matrix, horizontal: Matrix, channels: number, keep: Keep): AffineMap {
  const inputSize = vertical.columns * horizontal.columns * channels
  const outputSize = vertical.rows * horizontal.rows * channels
  const forward = applier(vertical, horizontal, channels, keep)
  const backward = applier(transposed(vertical), transposed(horizontal), channels, keep)
  const squared = applier(squares(vertical), squares(horizontal), channels, keep)
  const verticalNorms = rowNorms(vertical)
  const horizontalNorms = rowNorms(horizontal)
  const norms = Float64Array.from({length: outputSize}, (_, unit) => {
    const place = Math.floor(unit / channels)
    const column = place % horizontal.rows
    return verticalNorms[Math.floor(place / horizontal.rows)]! * horizontalNorms[column]!
  })
  const unit64 = (x: Float64Array, unit: number) => {
    const place = Math.floor(unit / channels)
    const [row, column] = [Math.floor(place / horizontal.rows), place % horizontal.rows]
    let sum = 0
    eachEntry(vertical, row, (i, a) => {
      eachEntry(horizontal, column, (j, b) => {
        sum += a * b * x[(i * horizontal.columns + j) * channels + (unit % channels)]!
      })
    })
    return sum
  }
  return {
    inputSizes: [inputSize],
    outputSize,
    fanIn: mostEntries(vertical) * mostEntries(horizontal),
    rowNorms: [norms],
    apply: ([x]) => forward(x!),
    linear: ([x]) => forward(x!),
    absolute: ([x]) => forward(x!),
    magnitude: ([x]) => forward(x!),
    adjoint: (rows) => [backward(rows)],
    rows: (units) => {
      const rows = new Float32Array(units.length * inputSize)
      units.forEach((unit, r) => {
        const place = Math.floor(unit / channels)
        eachEntry(vertical, Math.floor(place / horizontal.rows), (i, a) => {
          eachEntry(horizontal, place % horizontal.rows, (j, b) => {
            const at = (i * horizontal.columns + j) * channels + (unit % channels)
            rows[r * inputSize + at] = a * b
          })
        })
      })
      return [tensor2d(rows, [units.length, inputSize])]
    },
    weightedRowNorms: ([w]) => [tidy(() => squared(w!).sqrt() as Tensor2D)],
    apply64: ([x]) => Float64Array.from({length: outputSize}, (_, unit) => unit64(x!, unit)),
    unit64: ([x], unit) => unit64(x!, unit),
    ball: ([inputScale], _, roundoff) => {
      // One scale a channel goes through unchanged; of more, the largest of each channel.
      const scales = inputScale && largestPerChannel(inputScale, channels)
      const lengths = keep(tensor2d(new Float32Array(norms), [1, outputSize]))
      return {
        outputScale:
          scales && Float64Array.from({length: outputSize}, (_, unit) => scales[unit % channels]!),
        norms: once(async () => [
          (await normOf(vertical, roundoff)) * (await normOf(horizontal, roundoff)),
        ]),
        rowNorms: ([weights]) => [
          weights ? tidy(() => squared(weights).sqrt() as Tensor2D) : lengths.clone(),
        ],
      }
    },
  }
}

/** X -> A X B^T on `[points, height x width x channels]`. */
function applier(vertical: Matrix, horizontal: Matrix, channels: number, keep: Keep) {
  let matrices: readonly [Tensor3D, Tensor3D] | undefined
  const upload = ({rows, columns, values}: Matrix) =>
    keep(tensor3d(new Float32Array(values), [1, rows, columns]))
  return (x: Tensor2D): Tensor2D =>
    tidy(() => {
      matrices ??= [upload(vertical), upload(horizontal)]
      const columns = x.reshape([-1, vertical.columns, horizontal.columns * channels]) as Tensor3D
      const across = matMul(matrices[0], columns).reshape([-1, horizontal.columns, channels])
      const outputSize = vertical.rows * horizontal.rows * channels
      return matMul(matrices[1], across as Tensor3D).reshape([-1, outputSize]) as Tensor2D
    })
}

/** The largest scale of each channel. */
export function largestPerChannel(scale: Float64Array, channels: number): Float64Array {
  const largest = new Float64Array(channels)
  scale.forEach((value, i) => {
    largest[i % channels] = Math.max(largest[i % channels]!, value)
  })
  return largest
}

function eachEntry({columns, values}: Matrix, row: number, take: (j: number, v: number) => void) {
  for (let j = 0; j < columns; j++) {
    const value = values[row * columns + j]!
    if (value !== 0) take(j, value)
  }
}

function transposed({rows, columns, values}: Matrix): Matrix {
  return matrixOf(columns, rows, (i, j) => values[j * columns + i]!)
}

function squares({rows, columns, values}: Matrix): Matrix {
  return {rows, columns, values: values.map((value) => value * value)}
}

function rowNorms(matrix: Matrix): Float64Array {
  return Float64Array.from({length: matrix.rows}, (_, row) => {
    let sum = 0
    eachEntry(matrix, row, (_, value) => {
      sum += value * value
    })
    return Math.sqrt(sum)
  })
}

function mostEntries(matrix: Matrix): number {
  let most = 1
  for (let row = 0; row < matrix.rows; row++) {
    let entries = 0
    eachEntry(matrix, row, () => {
      entries++
    })
    most = Math.max(most, entries)
  }
  return most
}

const normOf = ({rows, columns, values}: Matrix, roundoff: number) =>
  hostNormBound(new Float32Array(values), rows, columns, roundoff)

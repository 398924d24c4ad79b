import {
  abs,
  concat,
  gather,
  getBackend,
  matMul,
  neg,
  relu,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs'
import {once} from '../common/once.js'
import {gathersFast} from '../pull/gathers-fast.js'
import type {AffineMap, AffineWeights, Keep} from './affine-map.js'
import {denseBall, scaledBall, squaredKernel, weightedLengths} from './dense-ball.js'
import {apply64, applyRows64, rowNorms, transpose, units64} from './dense64.js'
import {type DiagonalWeights, isDiagonal} from './diagonal.js'
import {lengthFactor, whenWorthIt} from './length-factor.js'

/** W x + b with a full matrix; `kernel` is W transposed, `[in x out]` as tf.layers keeps it. */
export interface DenseWeights extends AffineWeights {
  readonly kind: 'dense'
  readonly kernel: Float64Array
  readonly bias: Float64Array
}

/** Weights of a dense map; `kernel` is `[inputSize x outputSize]`, row-major. */
export function denseWeights(
  kernel: Float64Array,
  bias: Float64Array,
  inputSize: number,
): DenseWeights {
  const outputSize = bias.length
  const weights: DenseWeights = {
    kind: 'dense',
    kernel,
    bias,
    inputSizes: [inputSize],
    outputSize,
    after: (inner) => {
      if (isDense(inner)) return multiply(weights, inner)
      if (isDiagonal(inner)) return afterDiagonal(weights, inner)
      return undefined
    },
    build: (keep) => denseMap(weights, keep),
  }
  return weights
}

export function isDense(weights: AffineWeights): weights is DenseWeights {
  return (weights as {kind?: string}).kind === 'dense'
}

/** outer after inner: kernels multiply, the inner bias goes through the outer kernel. */
function multiply(outer: DenseWeights, inner: DenseWeights): DenseWeights {
  const [inputSize] = inner.inputSizes as [number]
  const middle = inner.outputSize
  const outputSize = outer.outputSize
  const kernel = new Float64Array(inputSize * outputSize)
  const bias = outer.bias.slice()
  const addTimes = (target: Float64Array, at: number, factor: number, row: number) => {
    if (factor === 0) return
    for (let j = 0; j < outputSize; j++) {
      target[at + j]! += factor * outer.kernel[row * outputSize + j]!
    }
  }
  for (let m = 0; m < middle; m++) {
    for (let i = 0; i < inputSize; i++) {
      addTimes(kernel, i * outputSize, inner.kernel[i * middle + m]!, m)
    }
    addTimes(bias, 0, inner.bias[m]!, m)
  }
  return denseWeights(kernel, bias, inputSize)
}

/** outer after a diagonal map: the rows of the kernel are scaled, the shift goes through it. */
function afterDiagonal(outer: DenseWeights, {scale, shift}: DiagonalWeights): DenseWeights {
  const {kernel, outputSize} = outer
  return denseWeights(
    kernel.map((w, at) => w * scale[Math.floor(at / outputSize)]!),
    apply64(shift, kernel, outer.bias),
    scale.length,
  )
}

function denseMap({kernel, bias, inputSizes, outputSize}: DenseWeights, keep: Keep): AffineMap {
  const [inputSize] = inputSizes as [number]
  const matrix = (values: ArrayLike<number>) =>
    keep(tensor2d(new Float32Array(values), [inputSize, outputSize]))
  // Made at first use: which of them are needed depends on what is measured.
  const weights = once(() => matrix(kernel))
  const absolute = once(() => keep(tidy(() => abs(weights()))))
  const lengths = rowNorms(kernel, inputSize, outputSize)
  const squared = once(() => squaredKernel(weights(), lengths, keep))
  const transposedValues = once(() =>
    transpose(kernel, inputSize, outputSize, new Float32Array(kernel.length)),
  )
  const rows64 = once(() =>
    transpose(kernel, inputSize, outputSize, new Float64Array(kernel.length)),
  )
  const transposed = once(() => keep(tensor2d(transposedValues(), [outputSize, inputSize])))
  const signedRows = once(() => {
    const [positive, negative] = tidy(() => {
      const [above, below] = [relu(transposed()), relu(neg(transposed()))]
      return [concat([above, below]), concat([below, above])]
    }) as [Tensor2D, Tensor2D]
    return {positive: keep(positive), negative: keep(negative)}
  })
  const offset = once(() => keep(tensor2d(new Float32Array(bias), [1, outputSize])))
  const offsetSize = once(() =>
    keep(tensor2d(new Float32Array(bias.map(Math.abs)), [1, outputSize])),
  )

  return {
    inputSizes,
    outputSize,
    fanIn: inputSize + 1,
    rowNorms: [lengths],
    apply: ([x]) => tidy(() => matMul(x!, weights()).add(offset()) as Tensor2D),
    linear: ([x]) => matMul(x!, weights()),
    absolute: ([x]) => matMul(x!, absolute()),
    magnitude: ([x]) => tidy(() => matMul(x!, absolute()).add(offsetSize()) as Tensor2D),
    adjoint: (rows) => [
      // On WASM a product with a transposed right side is a plain loop; elsewhere it spares turning the weights.
      getBackend() === 'wasm' ? matMul(rows, transposed()) : matMul(rows, weights(), false, true),
    ],
    lengthFactor: whenWorthIt(inputSize, outputSize, () => {
      const factor = lengthFactor(kernel, inputSize, outputSize)
      return factor && keep(tensor2d(new Float32Array(factor), [outputSize, outputSize]))
    }),
    rows: (units) => {
      if (gathersFast(units.length)) return [gather(transposed(), tensor1d(units, 'int32'))]
      return [tensor2d(rowsAt(transposedValues(), inputSize, units), [units.length, inputSize])]
    },
    hostRows: transposedValues,
    signedRows,
    weightedRowNorms: ([w]) => [weightedLengths(w!, squared())],
    apply64: ([x]) => apply64(x!, kernel, bias),
    applyRows64: ([x], count) => applyRows64(x!, kernel, bias, count),
    units64: ([x], units, out) => units64(x!, rows64(), bias, units, out),
    unit64: ([x], unit) => {
      let sum = bias[unit]!
      for (let i = 0; i < inputSize; i++) sum += x![i]! * kernel[i * outputSize + unit]!
      return sum
    },
    ball: ([scale], normalise, roundoff) => {
      const own = {inputSize, weights, squared, lengths}
      return scale || normalise
        ? scaledBall(own, kernel, scale, normalise, roundoff, keep)
        : denseBall(own, undefined, roundoff, keep)
    },
  }
}

/** Some rows of a matrix of so many columns, one after another. */
function rowsAt(matrix: Float32Array, columns: number, places: Int32Array): Float32Array {
  const rows = new Float32Array(places.length * columns)
  for (let r = 0; r < places.length; r++) {
    const start = places[r]! * columns
    rows.set(matrix.subarray(start, start + columns), r * columns)
  }
  return rows
}

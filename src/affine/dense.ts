import {matMul, sqrt, type Tensor2D, tensor1d, tensor2d, tidy} from '@tensorflow/tfjs'
import type {AffineMap, AffineWeights, BallMap, Keep} from './affine-map.js'
import {type DiagonalWeights, isDiagonal} from './diagonal.js'
import {lengthFactor} from './length-factor.js'
import {once} from './once.js'
import {spectralNormBound} from './spectral-norm.js'

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
    keep(tensor2d(Float32Array.from(values), [inputSize, outputSize]))
  // Made at first use: which of them are needed depends on what is measured.
  const weights = once(() => matrix(kernel))
  const absolute = once(() => matrix(kernel.map(Math.abs)))
  const squared = once(() => matrix(kernel.map((w) => w * w)))
  const transposedValues = once(() => Float32Array.from(transpose(kernel, inputSize, outputSize)))
  // A product with a transposed right side is several times slower on WASM.
  const transposed = once(() => keep(tensor2d(transposedValues(), [outputSize, inputSize])))
  const offset = once(() => keep(tensor2d(Float32Array.from(bias), [1, outputSize])))
  const offsetSize = once(() => keep(tensor2d(Float32Array.from(bias, Math.abs), [1, outputSize])))

  return {
    inputSizes,
    outputSize,
    fanIn: inputSize + 1,
    rowNorms: [rowNorms(kernel, inputSize, outputSize)],
    apply: ([x]) => tidy(() => matMul(x!, weights()).add(offset()) as Tensor2D),
    linear: ([x]) => matMul(x!, weights()),
    absolute: ([x]) => matMul(x!, absolute()),
    magnitude: ([x]) => tidy(() => matMul(x!, absolute()).add(offsetSize()) as Tensor2D),
    adjoint: (rows) => [matMul(rows, transposed())],
    lengthFactor: once(() => {
      const factor = lengthFactor(kernel, inputSize, outputSize)
      return factor && keep(tensor2d(Float32Array.from(factor), [outputSize, outputSize]))
    }),
    rows: (units) => {
      const from = transposedValues()
      const rows = new Float32Array(units.length * inputSize)
      units.forEach((unit, r) => {
        rows.set(from.subarray(unit * inputSize, (unit + 1) * inputSize), r * inputSize)
      })
      return [tensor2d(rows, [units.length, inputSize])]
    },
    weightedRowNorms: ([w]) => [tidy(() => sqrt(matMul(w!, squared())) as Tensor2D)],
    apply64: ([x]) => apply64(x!, kernel, bias),
    unit64: ([x], unit) => {
      let sum = bias[unit]!
      for (let i = 0; i < inputSize; i++) sum += x![i]! * kernel[i * outputSize + unit]!
      return sum
    },
    ball: ([scale], normalise, roundoff) =>
      ball(kernel, inputSize, outputSize, scale, normalise, roundoff, keep),
  }
}

async function ball(
  kernel: Float64Array,
  inputSize: number,
  outputSize: number,
  inputScale: Float64Array | undefined,
  normalise: boolean,
  roundoff: number,
  keep: Keep,
): Promise<BallMap> {
  const scaled = inputScale
    ? kernel.map((w, at) => w * inputScale[Math.floor(at / outputSize)]!)
    : kernel.slice()
  let outputScale: Float64Array | undefined
  if (normalise) {
    outputScale = rowNorms(scaled, inputSize, outputSize).map((norm) => norm || 1)
    for (let at = 0; at < scaled.length; at++) scaled[at]! /= outputScale[at % outputSize]!
  }
  const squared = keep(
    tensor2d(
      Float32Array.from(scaled, (w) => w * w),
      [inputSize, outputSize],
    ),
  )
  const matrix = tensor2d(Float32Array.from(scaled), [inputSize, outputSize])
  try {
    const full = tensor1d(Float32Array.from(rowNorms(scaled, inputSize, outputSize)))
    const unweighted = keep(full.reshape([1, outputSize]) as Tensor2D)
    full.dispose()
    return {
      outputScale,
      norms: [await spectralNormBound(matrix, roundoff)],
      rowNorms: ([weights]) =>
        weights
          ? [tidy(() => sqrt(matMul(weights, squared)) as Tensor2D)]
          : [unweighted.clone() as Tensor2D],
    }
  } finally {
    matrix.dispose()
  }
}

function apply64(x: Float64Array, kernel: Float64Array, bias: Float64Array): Float64Array {
  const outputSize = bias.length
  const out = bias.slice()
  for (let i = 0; i < x.length; i++) {
    const xi = x[i]!
    if (xi === 0) continue
    const at = i * outputSize
    for (let j = 0; j < outputSize; j++) out[j]! += xi * kernel[at + j]!
  }
  return out
}

function rowNorms(kernel: Float64Array, inputSize: number, outputSize: number): Float64Array {
  const squares = new Float64Array(outputSize)
  for (let i = 0; i < inputSize; i++) {
    const at = i * outputSize
    for (let j = 0; j < outputSize; j++) squares[j]! += kernel[at + j]! ** 2
  }
  return squares.map(Math.sqrt)
}

function transpose(values: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(values.length)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j]!
  }
  return out
}

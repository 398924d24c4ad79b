import {type Tensor2D, tensor2d, tidy} from '@tensorflow/tfjs'
import type {AffineMap, AffineWeights, BallMap, Keep} from './affine-map.js'
import {isConv, scaleConv} from './conv2d.js'
import {denseWeights, isDense} from './dense.js'

/** s x + t unit by unit: batch normalisation in inference form, rescaling. */
export interface DiagonalWeights extends AffineWeights {
  readonly kind: 'diagonal'
  readonly scale: Float64Array
  readonly shift: Float64Array
}

/** Weights of a diagonal map: one scale and one shift a unit. */
export function diagonalWeights(scale: Float64Array, shift: Float64Array): DiagonalWeights {
  const weights: DiagonalWeights = {
    kind: 'diagonal',
    scale,
    shift,
    inputSizes: [scale.length],
    outputSize: scale.length,
    after: (inner) => after(weights, inner),
    build: (keep) => diagonalMap(weights, keep),
  }
  return weights
}

export function isDiagonal(weights: AffineWeights): weights is DiagonalWeights {
  return (weights as {kind?: string}).kind === 'diagonal'
}

function after(outer: DiagonalWeights, inner: AffineWeights): AffineWeights | undefined {
  const {scale, shift} = outer
  const units = scale.length
  if (isDense(inner)) {
    return denseWeights(
      inner.kernel.map((w, at) => w * scale[at % units]!),
      inner.bias.map((b, j) => b * scale[j]! + shift[j]!),
      inner.inputSizes[0]!,
    )
  }
  if (isConv(inner)) return scaleConv(outer, inner)
  if (isDiagonal(inner)) {
    return diagonalWeights(
      inner.scale.map((s, j) => s * scale[j]!),
      inner.shift.map((t, j) => t * scale[j]! + shift[j]!),
    )
  }
  return undefined
}

function diagonalMap({scale, shift, outputSize}: DiagonalWeights, keep: Keep): AffineMap {
  const row = (values: Float64Array) => keep(tensor2d(new Float32Array(values), [1, outputSize]))
  const size = scale.map(Math.abs)
  const scales = row(scale)
  const shifts = row(shift)
  const sizes = row(size)
  const shiftSizes = row(shift.map(Math.abs))
  return {
    inputSizes: [outputSize],
    outputSize,
    fanIn: 2,
    rowNorms: [size],
    apply: ([x]) => tidy(() => x!.mul(scales).add(shifts) as Tensor2D),
    linear: ([x]) => x!.mul(scales),
    absolute: ([x]) => x!.mul(sizes),
    magnitude: ([x]) => tidy(() => x!.mul(sizes).add(shiftSizes) as Tensor2D),
    adjoint: (rows) => [rows.mul(scales)],
    patches: {kind: 'scale', scale},
    rows: (units) => {
      const rows = new Float32Array(units.length * outputSize)
      units.forEach((unit, r) => {
        rows[r * outputSize + unit] = scale[unit]!
      })
      return [tensor2d(rows, [units.length, outputSize])]
    },
    weightedRowNorms: ([w]) => [tidy(() => w!.sqrt().mul(sizes) as Tensor2D)],
    apply64: ([x]) => x!.map((xi, i) => xi * scale[i]! + shift[i]!),
    unit64: ([x], unit) => x![unit]! * scale[unit]! + shift[unit]!,
    ball: ([inputScale], normalise) => ball(size, inputScale, normalise, row),
  }
}

function ball(
  size: Float64Array,
  inputScale: Float64Array | undefined,
  normalise: boolean,
  row: (values: Float64Array) => Tensor2D,
): BallMap {
  const scaled = inputScale ? size.map((s, i) => s * inputScale[i]!) : size
  const outputScale = normalise ? scaled.map((s) => s || 1) : undefined
  const norms = outputScale ? scaled.map((s, i) => s / outputScale[i]!) : scaled
  const lengths = row(norms)
  return {
    outputScale,
    norms: async () => [norms.reduce((a, b) => Math.max(a, b), 0)],
    rowNorms: ([weights]) => [
      weights ? tidy(() => weights.sqrt().mul(lengths) as Tensor2D) : lengths.clone(),
    ],
  }
}

import {
  concat,
  mul,
  split,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
  zerosLike,
} from '@tensorflow/tfjs'
import type {AffineMap, AffineWeights, Keep} from './affine-map.js'

/** weight (x_1 + ... + x_k), unit by unit: Add has weight 1, Average 1/k. */
export function sumWeights(count: number, size: number, weight: number): AffineWeights {
  return {
    inputSizes: Array.from({length: count}, () => size),
    outputSize: size,
    after: () => undefined,
    build: (keep) => sumMap(count, size, weight, keep),
  }
}

function sumMap(count: number, size: number, weight: number, keep: Keep): AffineMap {
  const sum = (inputs: readonly Tensor2D[]) =>
    tidy(
      () =>
        mul(
          inputs.reduce((a, b) => a.add(b) as Tensor2D),
          weight,
        ) as Tensor2D,
    )
  const each = <T>(make: (input: number) => T) => Array.from({length: count}, (_, i) => make(i))
  const unit64 = (inputs: readonly Float64Array[], unit: number) =>
    weight * inputs.reduce((total, x) => total + x[unit]!, 0)
  return {
    inputSizes: each(() => size),
    outputSize: size,
    fanIn: count,
    rowNorms: each(() => new Float64Array(size).fill(weight)),
    apply: sum,
    linear: sum,
    absolute: sum,
    magnitude: sum,
    adjoint: (rows) => each(() => mul(rows, weight) as Tensor2D),
    patches: {kind: 'sum', weight},
    rows: (units) => each(() => oneHot(units, size, () => weight)),
    weightedRowNorms: (weights) => weights.map((w) => tidy(() => w.sqrt().mul(weight) as Tensor2D)),
    apply64: (inputs) => Float64Array.from({length: size}, (_, unit) => unit64(inputs, unit)),
    unit64,
    ball: (inputScales) => {
      // The output takes the largest scale of its inputs, so that no norm is above the weight.
      const scaled = inputScales.some((scale) => scale !== undefined)
      const outputScale = Float64Array.from({length: size}, (_, unit) =>
        Math.max(...inputScales.map((scale) => scale?.[unit] ?? 1)),
      )
      const factors = inputScales.map((scale) =>
        outputScale.map((out, unit) => (weight * (scale?.[unit] ?? 1)) / out),
      )
      const lengths = factors.map((factor) => keep(tensor2d(Float32Array.from(factor), [1, size])))
      return {
        outputScale: scaled ? outputScale : undefined,
        norms: async () => factors.map((factor) => factor.reduce((a, b) => Math.max(a, b), 0)),
        rowNorms: (weights) =>
          weights.map((w, i) =>
            w ? tidy(() => w.sqrt().mul(lengths[i]!) as Tensor2D) : lengths[i]!.clone(),
          ),
      }
    },
  }
}

/** Inputs side by side along one axis; `shapes` without the batch dimension, `axis` counted in them. */
export function concatWeights(shapes: readonly (readonly number[])[], axis: number): AffineWeights {
  const sizes = shapes.map((shape) => shape.reduce((a, b) => a * b, 1))
  const outputSize = sizes.reduce((a, b) => a + b, 0)
  return {
    inputSizes: sizes,
    outputSize,
    after: () => undefined,
    build: (keep) => concatMap(shapes, axis, sizes, outputSize, keep),
  }
}

function concatMap(
  shapes: readonly (readonly number[])[],
  axis: number,
  sizes: readonly number[],
  outputSize: number,
  keep: Keep,
): AffineMap {
  // [points, before, inner] per input: everything from the axis on is one run of numbers.
  const before = shapes[0]!.slice(0, axis).reduce((a, b) => a * b, 1)
  const inner = sizes.map((size) => size / before)
  const join = (inputs: readonly Tensor2D[]) =>
    tidy(() => {
      const blocks = inputs.map((x, i): Tensor => x.reshape([-1, before, inner[i]!]))
      return concat(blocks, 2).reshape([-1, outputSize]) as Tensor2D
    })
  const part = (rows: Tensor2D) =>
    tidy(() =>
      split(rows.reshape([-1, before, outputSize / before]), [...inner], 2).map(
        (block, i) => block.reshape([-1, sizes[i]!]) as Tensor2D,
      ),
    )
  // Which input each output is, and which of its numbers.
  const origin: {input: number; unit: number}[] = []
  for (let b = 0; b < before; b++) {
    inner.forEach((length, input) => {
      for (let k = 0; k < length; k++) origin.push({input, unit: b * length + k})
    })
  }
  const own = sizes.map((_, input) =>
    Float64Array.from(origin, (from) => (from.input === input ? 1 : 0)),
  )
  const unit64 = (inputs: readonly Float64Array[], unit: number) =>
    inputs[origin[unit]!.input]![origin[unit]!.unit]!
  /** The square roots of one input's weights where that input lies, 0 elsewhere. */
  const lone = (weights: Tensor2D, input: number) =>
    tidy(() => {
      const count = weights.shape[0]
      const parts = sizes.map((size, i) =>
        i === input
          ? (weights.sqrt() as Tensor2D)
          : tensor2d(new Float32Array(count * size), [count, size]),
      )
      return join(parts)
    })
  return {
    inputSizes: sizes,
    outputSize,
    fanIn: 1,
    rowNorms: own,
    apply: join,
    linear: join,
    absolute: join,
    magnitude: (inputs) => tidy(() => zerosLike(join(inputs))),
    adjoint: part,
    rows: (units) =>
      sizes.map((size, input) =>
        oneHot(
          units.map((unit) => origin[unit]!.unit),
          size,
          (r) => (origin[units[r]!]!.input === input ? 1 : 0),
        ),
      ),
    weightedRowNorms: (weights) => weights.map(lone),
    apply64: (inputs) => Float64Array.from(origin, (_, unit) => unit64(inputs, unit)),
    unit64,
    ball: (inputScales) => {
      const lengths = own.map((ones) => keep(tensor2d(Float32Array.from(ones), [1, outputSize])))
      const scaled = inputScales.some((scale) => scale !== undefined)
      return {
        outputScale: scaled
          ? Float64Array.from(origin, ({input, unit}) => inputScales[input]?.[unit] ?? 1)
          : undefined,
        norms: async () => sizes.map(() => 1),
        rowNorms: (weights) =>
          weights.map((w, i) => (w ? lone(w, i) : (lengths[i]!.clone() as Tensor2D))),
      }
    },
  }
}

/** Rows with one number each: `value(r)` at column `units[r]`. */
function oneHot(units: Int32Array, size: number, value: (row: number) => number): Tensor2D {
  const rows = new Float32Array(units.length * size)
  units.forEach((unit, r) => {
    rows[r * size + unit] = value(r)
  })
  return tensor2d(rows, [units.length, size])
}

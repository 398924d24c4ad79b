import {
  concat,
  gather,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  zeros,
} from '@tensorflow/tfjs'
import {once} from '../common/once.js'
import type {AffineMap, AffineWeights, Keep, PoolPatches} from './affine-map.js'

/** y_i = x_source(i), or 0 where the source is -1: a permutation, or the windows of a pool one after the other. */
export interface SelectWeights extends AffineWeights {
  readonly kind: 'select'
  readonly source: Int32Array
}

/** Weights of a selection from `inputSize` numbers; `pool` where these are the windows of one. */
export function selectWeights(
  source: Int32Array,
  inputSize: number,
  pool?: PoolPatches,
): SelectWeights {
  return {
    kind: 'select',
    source,
    inputSizes: [inputSize],
    outputSize: source.length,
    after: () => undefined,
    build: (keep) => ({...selectMap(source, inputSize, keep), ...(pool && {patches: pool})}),
  }
}

function selectMap(source: Int32Array, inputSize: number, keep: Keep): AffineMap {
  const outputSize = source.length
  const forward = once(() => selector([source], inputSize, keep))
  const backward = once(() => selector(readers(source, inputSize), outputSize, keep))
  const select = (x: Tensor2D) => forward()(x)
  const norms = Float64Array.from(source, (from) => (from < 0 ? 0 : 1))
  const pick = (x: Float64Array, unit: number) => (source[unit]! < 0 ? 0 : x[source[unit]!]!)
  return {
    inputSizes: [inputSize],
    outputSize,
    fanIn: 1,
    rowNorms: [norms],
    apply: ([x]) => select(x!),
    linear: ([x]) => select(x!),
    absolute: ([x]) => select(x!),
    magnitude: ([x]) => tidy(() => select(x!).mul(0) as Tensor2D),
    adjoint: (rows) => [backward()(rows)],
    rows: (units) => {
      const rows = new Float32Array(units.length * inputSize)
      units.forEach((unit, r) => {
        if (source[unit]! >= 0) rows[r * inputSize + source[unit]!] = 1
      })
      return [tensor2d(rows, [units.length, inputSize])]
    },
    weightedRowNorms: ([w]) => [tidy(() => select(w!).sqrt() as Tensor2D)],
    apply64: ([x]) => Float64Array.from(source, (_, unit) => pick(x!, unit)),
    unit64: ([x], unit) => pick(x!, unit),
    ball: ([inputScale]) => {
      const lengths = keep(tensor2d(Float32Array.from(norms), [1, outputSize]))
      const most = readers(source, inputSize).length
      return {
        outputScale: inputScale && norms.map((_, unit) => pick(inputScale, unit) || 1),
        norms: async () => [Math.sqrt(most)],
        rowNorms: ([weights]) => [
          weights ? tidy(() => select(weights).sqrt() as Tensor2D) : lengths.clone(),
        ],
      }
    },
  }
}

/** x -> sum over the lists of x_list(i), a column of zeros standing in for -1. */
function selector(lists: readonly Int32Array[], size: number, keep: Keep) {
  const indices: Tensor1D[] = lists.map((list) =>
    keep(
      tensor1d(
        list.map((from) => (from < 0 ? size : from)),
        'int32',
      ),
    ),
  )
  const padded = lists.some((list) => list.includes(-1))
  return (x: Tensor2D): Tensor2D =>
    tidy(() => {
      const from = padded ? concat([x, zeros([x.shape[0], 1])], 1) : x
      return indices.map((list) => gather(from, list, 1)).reduce((a, b) => a.add(b)) as Tensor2D
    })
}

/** For each input its readers, as lists of one output an input (-1: none left): the adjoint's sources. */
function readers(source: Int32Array, inputSize: number): Int32Array[] {
  const lists: Int32Array[] = []
  const used = new Int32Array(inputSize)
  source.forEach((from, unit) => {
    if (from < 0) return
    const place = used[from]!++
    lists[place] ??= new Int32Array(inputSize).fill(-1)
    lists[place][from] = unit
  })
  return lists.length > 0 ? lists : [new Int32Array(inputSize).fill(-1)]
}

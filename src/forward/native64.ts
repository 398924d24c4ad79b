import {backend, getBackend} from '@tensorflow/tfjs'

/** Linear algebra in float64, which TensorFlow.js has no tensors for. Matrices are row-major. */
export interface Native64 {
  /** A B: `[rows x inner]` by `[inner x columns]`. */
  multiply(a: Float64Array, b: Float64Array, shape: readonly [number, number, number]): Float64Array
  /** A^T A of `[rows x columns]`, or A A^T where that is smaller. */
  gram(a: Float64Array, rows: number, columns: number): Float64Array
  /** The lower triangular factor of a symmetric matrix `[n x n]`; undefined where it is not positive definite. */
  cholesky(a: Float64Array, n: number): Float64Array | undefined
  /** Eigenvalues of a symmetric matrix `[n x n]`, from the least to the largest. */
  eigenvalues(a: Float64Array, n: number): Float64Array
}

/** What tfjs-node's addon answers with: a tensor that lives in TensorFlow until it is deleted. */
interface Handle {
  readonly id: number
  readonly shape: number[]
}

/** The part of tfjs-node's addon that runs any TensorFlow operation on tensors of any type. */
interface Binding {
  readonly TF_INT32: number
  readonly TF_ATTR_TYPE: number
  readonly TF_ATTR_BOOL: number
  createTensor(shape: number[], type: number, values: Int32Array): number
  deleteTensor(id: number): void
  executeOp(name: string, attributes: object[], ids: number[], outputs: number): Handle[]
  tensorDataSync(id: number): Int32Array
}

/** TensorFlow's number of the type float64; the addon names only the types that TensorFlow.js has. */
const float64 = 2

const known = new WeakMap<object, Native64 | undefined>()

/**
 * The float64 products of native TensorFlow, where that is the backend; undefined elsewhere, and where the
 * installed addon does not answer a small product as plain JavaScript does. Whoever calls it computes on the host then,
 * with the same numbers in more time.
 *
 * tfjs-node passes float64 neither in nor out; its addon runs TensorFlow's operations on any type, and `Bitcast`
 * makes float64 out of pairs of int32 and back.
 *
 * ```ts
 * native64()?.multiply(Float64Array.of(1, 2), Float64Array.of(3, 4), [1, 2, 1])  //-> [11]
 * ```
 */
export function native64(): Native64 | undefined {
  if (getBackend() !== 'tensorflow') return undefined
  const own = backend() as {binding?: Binding}
  if (!own.binding) return undefined
  if (!known.has(own)) known.set(own, proved(own.binding))
  return known.get(own)
}

function proved(binding: Binding): Native64 | undefined {
  try {
    const made = native64Of(binding)
    // Neither number survives in float32.
    const [product] = made.multiply(
      Float64Array.of(1 + 2 ** -40, 3),
      Float64Array.of(1, 2 ** -45),
      [1, 2, 1],
    )
    const [least] = made.eigenvalues(Float64Array.of(1 + 2 ** -40, 0, 0, 2), 2)
    const right =
      product === 1 + 2 ** -40 + 3 * 2 ** -45 && Math.abs(least! - 1 - 2 ** -40) < 2 ** -50
    return right ? made : undefined
  } catch {
    return undefined
  }
}

function native64Of(binding: Binding): Native64 {
  const type = (name: string, value: number) => ({name, type: binding.TF_ATTR_TYPE, value})
  const flag = (name: string, value: boolean) => ({name, type: binding.TF_ATTR_BOOL, value})
  const int32 = binding.TF_INT32

  const bitcast = (id: number, from: number, to: number): Handle => {
    const [made] = binding.executeOp('Bitcast', [type('T', from), type('type', to)], [id], 1)
    return made!
  }
  const write = (values: Float64Array, shape: number[]): Handle => {
    const pairs = new Int32Array(values.buffer, values.byteOffset, 2 * values.length)
    const id = binding.createTensor([...shape, 2], int32, pairs)
    try {
      return bitcast(id, int32, float64)
    } finally {
      binding.deleteTensor(id)
    }
  }
  const read = ({id}: Handle): Float64Array => {
    const pairs = bitcast(id, float64, int32)
    try {
      const values = binding.tensorDataSync(pairs.id)
      return new Float64Array(values.buffer, values.byteOffset, values.length / 2)
    } finally {
      binding.deleteTensor(pairs.id)
    }
  }
  /** The first output of an operation; no tensor outlives the call, whether it succeeds or not. */
  const run = (name: string, attributes: object[], inputs: Handle[], outputs = 1): Float64Array => {
    let made: Handle[] = []
    try {
      const ids = inputs.map(({id}) => id)
      made = binding.executeOp(name, [type('T', float64), ...attributes], ids, outputs)
      return read(made[0]!)
    } finally {
      for (const {id} of [...inputs, ...made]) binding.deleteTensor(id)
    }
  }
  const product = (inputs: Handle[], first: boolean, second: boolean) =>
    run('MatMul', [flag('transpose_a', first), flag('transpose_b', second)], inputs)
  return {
    multiply: (a, b, [rows, inner, columns]) =>
      product([write(a, [rows, inner]), write(b, [inner, columns])], false, false),
    gram: (a, rows, columns) => {
      const wide = rows < columns
      return product([write(a, [rows, columns]), write(a, [rows, columns])], !wide, wide)
    },
    cholesky: (a, n) => {
      let factor: Float64Array
      try {
        factor = run('Cholesky', [], [write(a, [n, n])])
      } catch {
        return undefined
      }
      // TensorFlow throws or answers NaN, depending on its version, where a pivot is not above 0.
      return factor.includes(Number.NaN) ? undefined : factor
    },
    eigenvalues: (a, n) =>
      run('SelfAdjointEigV2', [flag('compute_v', false)], [write(a, [n, n])], 2),
  }
}

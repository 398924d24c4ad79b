import type {Tensor, Tensor2D} from '@tensorflow/tfjs'
import type {AxisGeometry, ConvGeometry} from './conv-geometry.js'

/**
 * An affine map with its weights read once: what a step of a program does to its inputs.
 *
 * Values are flattened: `[points, units]`, units in row-major order of the layer's shape. A map may
 * have several inputs (a sum, a concatenation), hence the lists.
 */
export interface AffineMap {
  readonly inputSizes: readonly number[]
  readonly outputSize: number
  /** Numbers added up for one output: the n in the rounding error's sqrt(n). */
  readonly fanIn: number

  /** `[points, in]` each -> W x + b, `[points, out]` */
  apply(inputs: readonly Tensor2D[]): Tensor2D
  /** `[points, in]` each -> W x */
  linear(inputs: readonly Tensor2D[]): Tensor2D
  /** `[points, in]` each, not negative -> |W| x */
  absolute(inputs: readonly Tensor2D[]): Tensor2D
  /** `[points, in]` each, not negative -> |W| x + |b|: the size of what was added up */
  magnitude(inputs: readonly Tensor2D[]): Tensor2D
  /** `[rows, out]` -> rows W, `[rows, in]` for each input */
  adjoint(rows: Tensor2D): Tensor2D[]
  /** Rows of W: `[units.length, in]` for each input; `adjoint` of one-hot rows, without the product. */
  rows(units: Int32Array): Tensor2D[]
  /** W on the host, `[out x in]`, of a map with one input that keeps it there: what `rows` takes few rows from. */
  hostRows?(): Float32Array
  /** Shows the entries of a row of W that are not 0 by their place, of a map with one input whose rows have few. */
  rowEntries?(unit: number, show: (input: number, weight: number) => void): void
  /**
   * The rows of W and then of -W, of a map with one input: what is above 0 in them, and what is below it turned positive,
   * `[2 out, in]` each.
   */
  signedRows?(): {readonly positive: Tensor2D; readonly negative: Tensor2D}
  /**
   * A smaller matrix F with F F^T = W W^T, `[out, out]`, where W is wide and a check allows it: rows F has the
   * length that rows W has, for fewer products. It is made once the rows asked for so far are worth it.
   */
  lengthFactor?(rows: number): Tensor2D | undefined
  /** What the map does to a part of an image, where it is one that leaves the image's places apart. */
  readonly patches?: PatchMap
  /** Euclidean length of each row of W, per input: `out` numbers each. */
  readonly rowNorms: readonly Float64Array[]
  /**
   * Euclidean lengths of the rows of W with the columns weighted, one `[points, out]` per input:
   * sqrt(sum_j w_j^2 W_ij^2), given the squares of the weights, `[points, in]`.
   */
  weightedRowNorms(squaredWeights: readonly Tensor2D[]): Tensor2D[]

  /** W x + b for one point in float64, on the host. */
  apply64(inputs: readonly Float64Array[]): Float64Array
  /** The given outputs of W x + b for one point in float64, put into `out`, where that is less work than all of them. */
  units64?(inputs: readonly Float64Array[], units: Int32Array, out: Float64Array): void
  /** W x + b for `count` points at once in float64, `[count x out]`; undefined where no backend multiplies in it. */
  applyRows64?(inputs: readonly Float64Array[], count: number): Float64Array | undefined
  /** Output `unit` of W x + b for one point in float64, on the host. */
  unit64(inputs: readonly Float64Array[], unit: number): number

  /**
   * The map between balls: with x = s_in x' on each input (s_in > 0, one number a unit) and
   * y = s_out y', what y' can do when each x' moves by rho'. With `normalise`, s_out makes each row
   * of the scaled map have norm 1 (any positive scaling gives the same network); else it is 1.
   */
  ball(
    inputScales: readonly (Float64Array | undefined)[],
    normalise: boolean,
    roundoff: number,
  ): BallMap
}

/** A map of images, as rows that are not 0 on a part of them go back through it. */
export type PatchMap = ConvolutionPatches | SumPatches | ScalePatches | PoolPatches

export interface ConvolutionPatches {
  readonly kind: 'convolution'
  readonly geometry: ConvGeometry
  /** The weights of each output channel, `[out, height, width, in]`. */
  weights(): Float32Array
  /** As `adjoint`, between parts of images: `[rows, height x width x out]` -> `[rows, height x width x in]`. */
  adjoint(height: AxisGeometry, width: AxisGeometry, rows: Tensor2D): Tensor2D
}

/** The weighted sum of all inputs. */
export interface SumPatches {
  readonly kind: 'sum'
  readonly weight: number
}

/** One factor for each number. */
export interface ScalePatches {
  readonly kind: 'scale'
  readonly scale: Float64Array
}

/** Windows of an image one candidate after the other, `[height x width of a window, units]`, for a maximum to read. */
export interface PoolPatches {
  readonly kind: 'pool'
  readonly height: AxisGeometry
  readonly width: AxisGeometry
  readonly channels: number
}

/** Norms of an affine map between scaled spaces. */
export interface BallMap {
  /** s_out, one number an output; undefined stands for 1. */
  readonly outputScale: Float64Array | undefined
  /** Certified upper bounds on the spectral norm of the scaled map, one per input. Computed when first asked for. */
  norms(): Promise<readonly number[]>
  /** As `AffineMap.weightedRowNorms`, of the scaled map; undefined weights stand for 1 (`[1, out]`). */
  rowNorms(squaredWeights: readonly (Tensor2D | undefined)[]): Tensor2D[]
}

/**
 * Weights of an affine map in float64 on the host, before tensors are made of them: maps that follow
 * each other are multiplied out here, so that rounding does not add up.
 */
export interface AffineWeights {
  readonly inputSizes: readonly number[]
  readonly outputSize: number
  /** This map after `inner` as one map, or undefined where they are better kept apart. */
  after(inner: AffineWeights): AffineWeights | undefined
  /** Puts the weights on the backend; every tensor that outlives a call goes through `keep`. */
  build(keep: Keep): AffineMap
}

/** Takes charge of a tensor: it lives as long as the program it belongs to. */
export type Keep = <T extends Tensor>(tensor: T) => T

/** Where the weights come from: live variables, read anew for each program. */
export interface AffineSource {
  read(): Promise<AffineWeights>
}

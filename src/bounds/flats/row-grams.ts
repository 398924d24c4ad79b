import {mul, type Tensor, type Tensor3D, tensor3d, tidy} from '@tensorflow/tfjs'
import {type Secants, straight} from '../../kinks/kink.js'
import type {Program} from '../../program.js'
import {type RowGrid, sweep} from '../../pull-back.js'
import {planOf} from '../../windows/plan.js'
import {gramsOf} from './grams-of.js'
import {gramsOfWindows} from './window-row-grams.js'

/**
 * How a layer's units move with the input and with what the layers before do beside their secants: on the ball
 *
 *     z_l(x') - z_l(x) = C (x' - x) + sum over the kinked layers k before of M_k delta_k,
 *
 * delta_k the deviations of layer k's outputs from its secants. The rows of a grid's units are pulled back through
 * the secants to the input, where they are those of C; on the way, at the output of each kink, they are those of M_k.
 *
 * @param secants per kinked layer before the grid's
 * @param spread per kinked layer before the grid's: what to weigh the columns of M_k with, `[points x units]`
 * @param scales what to multiply each point's rows with before they are multiplied with each other, so that squares
 *   stay in float32's range; powers of 2
 * @param filled how many of each point's rows matter, from the first on; all by default
 * @returns the Gram matrices of C and of each weighted M_k that is not zero for all of the grid's points,
 *   `[points x rows x rows]`
 */
export async function rowGrams(
  program: Program,
  grid: RowGrid,
  secants: readonly Secants[],
  spread: readonly Float32Array[],
  scales: Float32Array,
  filled?: readonly number[],
): Promise<Float32Array[]> {
  const lines = secants.map(({slope}) => straight(slope))
  const plan = planOf(program, grid.layer)
  if (plan) return gramsOfWindows(program, plan, grid, lines, spread, scales, filled)
  const tensors = tidy(() => {
    const found: Tensor[] = []
    const scale = tensor3d(scales, [scales.length, 1, 1])
    const shape = [grid.points.length, grid.rowsPerPoint, -1]
    const {atInput} = sweep(program, grid, lines, true, ({layer, units}, rows) => {
      const weights = weightsOf(spread[layer]!, units, grid)
      if (!weights) return
      found.push(tidy(() => gramsOf(mul(rows.reshape(shape), mul(weights, scale)))))
      weights.dispose()
    })
    return [gramsOf(mul(atInput.reshape(shape), scale)), ...found]
  })
  const values = await Promise.all(tensors.map((tensor) => tensor.data()))
  for (const tensor of tensors) tensor.dispose()
  return values as Float32Array[]
}

/** `[points, 1, units]`, or undefined where all are zero. */
function weightsOf(spread: Float32Array, units: number, {points}: RowGrid): Tensor3D | undefined {
  const taken = new Float32Array(points.length * units)
  points.forEach((point, p) => {
    taken.set(spread.subarray(point * units, (point + 1) * units), p * units)
  })
  return taken.some((value) => value !== 0) ? tensor3d(taken, [points.length, 1, units]) : undefined
}

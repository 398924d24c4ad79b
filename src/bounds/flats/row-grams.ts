import {mul, type Tensor, tensor3d, tidy} from '@tensorflow/tfjs'
import {readOut} from '../../common/read-out.js'
import {type Secants, straight} from '../../kinks/kink.js'
import type {Program} from '../../program/program.js'
import {type RowGrid, sweep} from '../../pull/pull-back.js'
import {planOf} from '../../windows/plan.js'
import {gramsOf} from './grams-of.js'
import {type Spread, weightsOfPoints} from './spread.js'
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
 * @param spread per kinked layer before the grid's: what to weigh the columns of M_k with
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
  spread: readonly Spread[],
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
      const weights = weightsOfPoints(spread[layer]!, units, grid.points)
      if (!weights) return
      const own = tensor3d(weights, [grid.points.length, 1, units])
      found.push(tidy(() => gramsOf(mul(rows.reshape(shape), mul(own, scale)))))
      own.dispose()
    })
    return [gramsOf(mul(atInput.reshape(shape), scale)), ...found]
  })
  return readOut(tensors)
}

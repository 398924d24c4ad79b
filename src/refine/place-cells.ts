import type {Points} from '../points.js'
import type {BallCell} from './ball-cells.js'

/** Cells as balls of the input space. */
export interface PlacedCells {
  /** Their centers, as float32 holds them. */
  readonly points: Points
  /** `[cells]` */
  readonly radius: Float64Array
  /** The centers in the coordinates of the unit ball around each cell's point, `[cells x size]`. */
  readonly centers: Float64Array
  /** Radius of the ball that each cell is a part of. */
  readonly scale: Float64Array
}

/**
 * Puts the balls that cells lie within into the input space.
 *
 * @param radius of the ball around each of the `points`
 */
export function placeCells(
  {values, size}: Points,
  radius: Float64Array,
  cells: readonly BallCell[],
): PlacedCells {
  const placed = new Float32Array(cells.length * size)
  const centers = new Float64Array(cells.length * size)
  const radii = cells.map(({point, decided, within}, cell) => {
    const center = new Float64Array(size)
    decided.forEach(({normal, side}, k) => {
      const weight = side * within.weights[k]!
      if (weight !== 0) for (let i = 0; i < size; i++) center[i]! += weight * normal[i]!
    })
    const reach = radius[point]!
    let squares = 0
    for (let i = 0; i < size; i++) {
      const origin = values[point * size + i]!
      const at = cell * size + i
      placed[at] = origin + reach * center[i]!
      centers[at] = (placed[at]! - origin) / reach
      squares += (centers[at]! - center[i]!) ** 2
    }
    return (within.radius + Math.sqrt(squares)) * reach
  })
  return {
    points: {values: placed, count: cells.length, size},
    radius: Float64Array.from(radii),
    centers,
    scale: Float64Array.from(cells, ({point}) => radius[point]!),
  }
}

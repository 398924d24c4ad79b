/** Shares of the radius that stay clear of the sphere: of points put there, and of what rounding may add. */
const [edge, inside] = [1 - 1e-6, 1 - 1e-9]

/**
 * Writes the point `length` away from the center along a direction, as float32 keeps it. It lies strictly inside
 * the open ball: a step that rounding carries out of it is shortened, and where no float32 number is near enough, the
 * point is the center itself.
 *
 * @param direction of any length; a step along 0 stays at the center
 * @param length at most the radius counts; Infinity is the edge of the ball
 */
export function placeInBall(
  out: Float32Array,
  center: Float32Array,
  direction: ArrayLike<number>,
  length: number,
  radius: number,
): void {
  out.set(center)
  let squares = 0
  for (let i = 0; i < out.length; i++) squares += direction[i]! ** 2
  if (!(squares > 0 && squares < Number.POSITIVE_INFINITY)) return
  let share = Math.min(length, radius * edge) / Math.sqrt(squares)
  for (let attempt = 0; attempt < 4; attempt++) {
    let moved = 0
    for (let i = 0; i < out.length; i++) {
      out[i] = center[i]! + share * direction[i]!
      moved += (out[i]! - center[i]!) ** 2
    }
    const far = Math.sqrt(moved)
    if (far <= radius * inside) return
    share *= (radius * edge) / far
  }
  out.set(center)
}

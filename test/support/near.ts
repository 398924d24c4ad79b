import * as assert from 'uvu/assert'

/**
 * Each number within `relative` of what is expected, measured against its size plus `scale` (for numbers that may be
 * zero). Infinity equals Infinity; NaN equals nothing.
 */
export function near(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  {relative = 1e-6, scale = 0, label = ''} = {},
): void {
  assert.is(actual.length, expected.length, `${label} length`)
  for (let index = 0; index < expected.length; index++) {
    const [got, wanted] = [actual[index]!, expected[index]!]
    const tolerance = Number.isFinite(wanted) ? relative * (Math.abs(wanted) + scale) : 0
    const close = got === wanted || Math.abs(got - wanted) <= tolerance
    assert.ok(close, `${label} [${index}]: expected ${wanted} within ${relative}, got ${got}`)
  }
}

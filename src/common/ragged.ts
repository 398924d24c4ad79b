/** A few numbers for each of some units, one list after another. */
export interface Ragged {
  /** Where each list begins; one more than there are lists. */
  readonly starts: Int32Array
  readonly values: Float64Array
}

/**
 * Puts lists one after another.
 *
 * ```ts
 * ragged([[0.5], [], [1, 2]])  //-> {starts: [0, 1, 1, 3], values: [0.5, 1, 2]}
 * ```
 */
export function ragged(lists: readonly (readonly number[])[]): Ragged {
  const starts = new Int32Array(lists.length + 1)
  lists.forEach((list, i) => {
    starts[i + 1] = starts[i]! + list.length
  })
  return {starts, values: Float64Array.from(lists.flat())}
}

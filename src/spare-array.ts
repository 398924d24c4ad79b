/** A longer array is not kept: 16 MB. */
const longest = 2 ** 22

/** What nobody uses at the moment. */
let spare = new Float32Array(0)

/**
 * Lends an array of at least `length` numbers for as long as `use` takes: the one that was given back last, where that is long
 * enough and nobody else has it. It holds anything until it is written. A new array costs as much as a pass over it,
 * since the system clears its memory, and is work for the garbage collector.
 *
 * ```ts
 * await withSpareArray(4, async (array) => array.fill(1, 0, 4).subarray(0, 4).reduce((a, b) => a + b)) //-> 4
 * ```
 */
export async function withSpareArray<T>(
  length: number,
  use: (array: Float32Array) => Promise<T>,
): Promise<T> {
  const own = spare.length >= length ? spare : new Float32Array(length)
  if (own === spare) spare = new Float32Array(0)
  try {
    return await use(own)
  } finally {
    if (own.length > spare.length && own.length <= longest) spare = own
  }
}

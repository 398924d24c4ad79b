/** Shorter arrays are no more work to make than to keep. */
const shortest = 2 ** 12

/** As many numbers as are kept in all: 128 MB. */
const mostKept = 2 ** 25

/** An array may be so many times as long as what is asked for. */
const longer = 2

/** What nobody uses at the moment, by length: last those lengths that came back last. */
const spare = new Map<number, Float32Array[]>()
let kept = 0

/** Of the arrays that somebody has. */
const lent = new WeakSet<ArrayBufferLike>()

let spoil: ((array: Float32Array) => void) | undefined

/**
 * Lends an array of so many numbers, which hold anything until they are written. A new array costs as much as a pass over it,
 * since the system clears its memory, and hundreds of megabytes of them in a snapshot keep the garbage collector busy. For
 * long arrays that are used for a while and whose end is plain to see.
 *
 * An array that is never given back is garbage like any other, and its place is not missed.
 *
 * ```ts
 * const rows = borrow(4).fill(0)
 * giveBack(rows)
 * ```
 */
export function borrow(length: number): Float32Array {
  if (length < shortest) return new Float32Array(length)
  const own = take(length) ?? new Float32Array(rounded(length))
  lent.add(own.buffer)
  return own.subarray(0, length)
}

/** A spare array that is long enough, and not much longer. */
function take(length: number): Float32Array | undefined {
  for (let size = rounded(length); size < longer * length; size = rounded(size + 1)) {
    const own = spare.get(size)?.pop()
    if (!own) continue
    kept -= size
    return own
  }
  return undefined
}

/** Takes arrays back, which must not be used any more. Arrays that were not lent, or are back already, are left alone. */
export function giveBack(...arrays: readonly (Float32Array | undefined)[]): void {
  for (const array of arrays) {
    if (!array || !lent.delete(array.buffer)) continue
    const own = new Float32Array(array.buffer)
    spoil?.(own)
    const others = spare.get(own.length) ?? []
    others.push(own)
    spare.delete(own.length)
    spare.set(own.length, others)
    kept += own.length
  }
  forget()
}

/** Lets go of what is too much, first of lengths that have not come back for longest. */
function forget(): void {
  for (const [size, arrays] of spare) {
    while (kept > mostKept && arrays.pop()) kept -= size
    if (kept <= mostKept) return
  }
}

/** For tests: what happens to an array that is given back, such as being spoiled for those that go on using it. */
export function onReturn(action: ((array: Float32Array) => void) | undefined): void {
  spoil = action
}

/** Lengths that arrays are made of: up to a quarter longer than what is asked for. */
function rounded(length: number): number {
  const step = 2 ** (Math.floor(Math.log2(length)) - 2)
  return Math.ceil(length / step) * step
}

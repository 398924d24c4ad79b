import {kernels, workspace} from './index.js'

/** Numbers at a time: copies of so many stay in the processor's caches. A multiple of four. */
export const block = 2 ** 14

/** a + b, number by number, rounded to float32. */
export function sumOf(a: Float32Array, b: Float32Array): Float32Array {
  const out = new Float32Array(a.length)
  write(out, a, b, kernels().addFloats)
  return out
}

/** a times b, number by number, rounded to float32. */
export function productOf(a: Float32Array, b: Float32Array): Float32Array {
  const out = new Float32Array(a.length)
  write(out, a, b, kernels().multiplyFloats)
  return out
}

/** Writes the smaller of a and b, none of which is negative; out may be one of them. */
export function writeSmaller(out: Float32Array, a: Float32Array, b: Float32Array): void {
  write(out, a, b, kernels().smaller)
}

function write(
  out: Float32Array,
  a: Float32Array,
  b: Float32Array,
  kernel: (own: number, other: number, count: number) => void,
): void {
  const room = workspace(2 * (4 * block + 16))
  const [own, other] = [room.float32(block), room.float32(block)]
  for (let start = 0; start < out.length; start += block) {
    const end = Math.min(out.length, start + block)
    own.set(a.subarray(start, end))
    other.set(b.subarray(start, end))
    // The last block may be worked on beyond its end.
    kernel(own.byteOffset, other.byteOffset, end - start)
    out.set(own.subarray(0, end - start), start)
  }
}

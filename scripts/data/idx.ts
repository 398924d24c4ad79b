import {readFileSync} from 'node:fs'
import {gunzipSync, gzipSync} from 'node:zlib'

/** What an IDX file holds: bytes, row-major, and the size of each dimension. */
export interface Idx {
  readonly shape: readonly number[]
  readonly values: Uint8Array
}

const unsignedByte = 0x08

/**
 * Decodes the IDX format of MNIST: two zero bytes, a type, the number of dimensions, each size as
 * a big-endian 32-bit integer, then the values. Compressed bytes are decompressed first.
 *
 * @param bytes the file, compressed with gzip or not
 * @param name how errors call it
 * @throws where the bytes are no IDX file of unsigned bytes, or not as many as the sizes say
 *
 * @example
 * parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9), 'labels')
 * //-> {shape: [2], values: Uint8Array [7, 9]}
 */
export function parseIdx(bytes: Uint8Array, name: string): Idx {
  const raw = isGzip(bytes) ? decompress(bytes, name) : bytes
  if (raw.length < 4 || raw[0] !== 0 || raw[1] !== 0) {
    throw new Error(
      `${name}: expected an IDX file, which begins with two zero bytes, got ${hex(raw)}`,
    )
  }
  if (raw[2] !== unsignedByte) {
    throw new Error(
      `${name}: expected unsigned bytes (IDX type 0x08), got type 0x${byteText(raw[2]!)}`,
    )
  }
  const dimensions = raw[3]!
  const header = 4 + 4 * dimensions
  if (dimensions === 0 || raw.length < header) {
    throw new Error(
      `${name}: expected the sizes of at least 1 dimension, got ${dimensions} dimensions in ${raw.length} bytes; the file is cut off`,
    )
  }
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  const shape = Array.from({length: dimensions}, (_, axis) => view.getUint32(4 + 4 * axis))
  const expected = shape.reduce((product, size) => product * size, 1)
  const got = raw.length - header
  if (got !== expected) {
    throw new Error(
      `${name}: expected ${expected} values (${shape.join(' x ')}), got ${got}; the file is ${got < expected ? 'cut off' : 'too long'}`,
    )
  }
  // Not a Buffer: its slice() would share memory where a Uint8Array copies.
  return {shape, values: new Uint8Array(raw.buffer, raw.byteOffset + header, expected)}
}

/** Reads an IDX file, compressed or not; the path is named in every error. */
export function readIdx(path: string): Idx {
  return parseIdx(readFileSync(path), path)
}

/**
 * Encodes bytes as IDX, compressed with gzip and without a time stamp.
 *
 * @example
 * writeFileSync('labels-idx1-ubyte.gz', encodeIdx({shape: [2], values: Uint8Array.of(7, 9)}))
 */
export function encodeIdx({shape, values}: Idx): Uint8Array {
  const raw = new Uint8Array(4 + 4 * shape.length + values.length)
  const view = new DataView(raw.buffer)
  view.setUint8(2, unsignedByte)
  view.setUint8(3, shape.length)
  for (const [axis, size] of shape.entries()) view.setUint32(4 + 4 * axis, size)
  raw.set(values, 4 + 4 * shape.length)
  return gzipSync(raw, {level: 9})
}

function decompress(bytes: Uint8Array, name: string): Uint8Array {
  try {
    return gunzipSync(bytes)
  } catch (error) {
    throw new Error(`${name}: cannot be decompressed (${(error as Error).message})`)
  }
}

const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b

const byteText = (byte: number) => byte.toString(16).padStart(2, '0')

const hex = (bytes: Uint8Array) =>
  bytes.length === 0 ? 'an empty file' : Array.from(bytes.subarray(0, 4), byteText).join(' ')

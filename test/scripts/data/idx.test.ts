import {gzipSync} from 'node:zlib'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {encodeIdx, parseIdx} from '../../../scripts/data/idx.js'

const test = suite('idx')
const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 5, 0, 255)
const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4)

test('reads labels and images, compressed or not', () => {
  for (const bytes of [labels, gzipSync(labels)]) {
    assert.equal(parseIdx(bytes, 'x'), {shape: [3], values: Uint8Array.of(5, 0, 255)})
  }
  assert.equal(parseIdx(images, 'x'), {shape: [1, 2, 2], values: Uint8Array.of(1, 2, 3, 4)})
})

test('reads bytes that lie inside a larger buffer', () => {
  const larger = new Uint8Array(labels.length + 5)
  larger.set(labels, 5)
  assert.equal([...parseIdx(larger.subarray(5), 'x').values], [5, 0, 255])
})

test('what is encoded is read back', () => {
  const content = {shape: [2, 3], values: Uint8Array.of(9, 8, 7, 6, 5, 4)}
  assert.equal(parseIdx(encodeIdx(content), 'x'), content)
})

const broken: [what: string, bytes: Uint8Array, message: string][] = [
  [
    'other magic numbers',
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47),
    'x: expected an IDX file, which begins with two zero bytes, got 89 50 4e 47',
  ],
  [
    'an empty file',
    new Uint8Array(),
    'x: expected an IDX file, which begins with two zero bytes, got an empty file',
  ],
  [
    'other types',
    Uint8Array.of(0, 0, 0x0d, 1, 0, 0, 0, 0),
    'x: expected unsigned bytes (IDX type 0x08), got type 0x0d',
  ],
  [
    'a header that is cut off',
    images.subarray(0, 9),
    'x: expected the sizes of at least 1 dimension, got 3 dimensions in 9 bytes; the file is cut off',
  ],
  [
    'too few values',
    images.subarray(0, 18),
    'x: expected 4 values (1 x 2 x 2), got 2; the file is cut off',
  ],
  [
    'too many values',
    Uint8Array.of(...labels, 1),
    'x: expected 3 values (3), got 4; the file is too long',
  ],
]
for (const [what, bytes, message] of broken) {
  test(`refuses ${what}`, () => {
    assert.throws(
      () => parseIdx(bytes, 'x'),
      (error: Error) => error.message === message,
    )
  })
}

test('refuses a compressed file that is cut off', () => {
  const compressed = gzipSync(images)
  assert.throws(
    () => parseIdx(compressed.subarray(0, compressed.length - 9), 'x'),
    /^x: cannot be decompressed \(unexpected end of file\)$/,
  )
})

test.run()

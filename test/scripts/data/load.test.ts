import {createHash} from 'node:crypto'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {gunzipSync} from 'node:zlib'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {encodeIdx} from '../../../scripts/data/idx.js'
import {firstImages, loadImages} from '../../../scripts/data/load.js'
import {stratifiedSubset} from '../../../scripts/data/stratified.js'
import {packageRoot} from '../../../scripts/package-root.js'

const test = suite('load')
const folder = mkdtempSync(join(tmpdir(), 'idx-'))
test.after(() => rmSync(folder, {recursive: true}))

const write = (name: string, shape: number[], values: number[]) =>
  writeFileSync(join(folder, name), encodeIdx({shape, values: Uint8Array.from(values)}))

test('the embedded subset holds 200 training and 100 test images of each class', () => {
  const {train, test: held, classes} = loadImages()
  assert.is(classes, 10)
  for (const [split, each] of [
    [train, 200],
    [held, 100],
  ] as const) {
    assert.is(split.count, 10 * each)
    assert.equal(split.shape, [28, 28])
    assert.is(split.images.length, split.count * 784)
    const counts = Array.from({length: 10}, (_, label) =>
      split.labels.reduce((count, other) => count + (other === label ? 1 : 0), 0),
    )
    assert.equal(counts, new Array(10).fill(each))
    assert.ok(split.images.every((pixel) => pixel >= 0 && pixel <= 1))
    assert.is(
      split.images.reduce((most, pixel) => Math.max(most, pixel), 0),
      1,
    )
  }
})

test('the embedded files are those that their README lists', () => {
  const data = join(packageRoot(), 'data', 'fashion-mnist-2000')
  const readme = readFileSync(join(data, 'README.md'), 'utf8')
  const here = readme.slice(readme.indexOf('| file here |'))
  const rows = [...here.matchAll(/^\| (\S+-ubyte) \| (\w{64}) \|$/gm)]
  assert.is(rows.length, 4)
  for (const [, name, sha256] of rows) {
    const raw = gunzipSync(readFileSync(join(data, `${name}.gz`)))
    assert.is(createHash('sha256').update(raw).digest('hex'), sha256)
  }
})

test('reads any folder of IDX files, and says what is wrong with it', () => {
  assert.throws(
    () => loadImages({dir: join(folder, 'none')}),
    /^data: expected a folder of IDX files, got ".*none", which is none$/,
  )
  assert.throws(
    () => loadImages({dir: folder}),
    /^data: expected the file .*train-images-idx3-ubyte\.gz \(or without \.gz\), which is not there$/,
  )
  write('train-images.idx3-ubyte', [2, 1, 3], [0, 51, 255, 1, 2, 3])
  write('train-labels-idx1-ubyte.gz', [3], [0, 1, 4])
  write('t10k-images-idx3-ubyte', [1, 1, 3], [7, 8, 9])
  write('t10k-labels-idx1-ubyte', [1], [2])
  assert.throws(() => loadImages({dir: folder}), /expected 2 labels, one for each image, got 3$/)
  write('train-labels-idx1-ubyte.gz', [2], [0, 4])
  const {train, test: held, classes} = loadImages({dir: folder})
  assert.equal([...train.images.subarray(0, 3)], [0, Math.fround(0.2), 1])
  assert.equal([...train.labels], [0, 4])
  assert.equal(train.shape, [1, 3])
  assert.is(held.count, 1)
  assert.is(classes, 5)
  write('t10k-images-idx3-ubyte', [1, 3, 1], [7, 8, 9])
  assert.throws(() => loadImages({dir: folder}), /of one size in ".*", got 1 x 3 and 3 x 1$/)
  write('t10k-images-idx3-ubyte', [1, 3], [7, 8, 9])
  assert.throws(() => loadImages({dir: folder}), /expected 3 dimensions, got 2$/)
})

test('the first images of a split', () => {
  const {train} = loadImages()
  const few = firstImages(train, 3)
  assert.is(few.count, 3)
  assert.equal([...few.labels], [...train.labels.slice(0, 3)])
  assert.is(few.images.length, 3 * 784)
  assert.is(firstImages(train, 1e6).count, 2000)
})

test('a stratified draw is even, without repetition, and depends on the seed', () => {
  const labels = Uint8Array.from({length: 300}, (_, index) => (index * index) % 3)
  const drawn = stratifiedSubset(labels, 20, 'seed')
  assert.is(new Set(drawn).size, 40)
  assert.is(drawn.filter((index) => labels[index] === 0).length, 20)
  assert.is(drawn.filter((index) => labels[index] === 1).length, 20)
  assert.equal(drawn, stratifiedSubset(labels, 20, 'seed'))
  assert.not.equal(drawn, stratifiedSubset(labels, 20, 'other'))
  assert.throws(() => stratifiedSubset(labels, 101, 'seed'), /at least 101 images, got 100/)
})

test.run()

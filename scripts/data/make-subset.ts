/**
 * Makes the embedded subset of Fashion-MNIST from the four original files:
 *
 *   node --import tsx scripts/data/make-subset.ts FOLDER
 *
 * The same files give the same images. data/fashion-mnist-2000/README.md says where to get them.
 */
import {createHash} from 'node:crypto'
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {gunzipSync} from 'node:zlib'
import {packageRoot} from '../package-root.js'
import {encodeIdx, type Idx, parseIdx} from './idx.js'
import {stratifiedSubset} from './stratified.js'

const splits = [
  {
    name: 'train',
    perClass: 200,
    images: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
    labels: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
  },
  {
    name: 't10k',
    perClass: 100,
    images: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
    labels: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
  },
]

const folder = process.argv[2]
if (folder === undefined) throw new Error('expected the folder of the four original files')
const target = join(packageRoot(), 'data', 'fashion-mnist-2000')
mkdirSync(target, {recursive: true})

for (const {name, perClass, ...sha256} of splits) {
  const images = readChecked(`${name}-images-idx3-ubyte.gz`, sha256.images)
  const labels = readChecked(`${name}-labels-idx1-ubyte.gz`, sha256.labels)
  const chosen = stratifiedSubset(labels.values, perClass, `fashion-mnist/${name}`)
  write(`${name}-images-idx3-ubyte.gz`, take(images, chosen))
  write(`${name}-labels-idx1-ubyte.gz`, take(labels, chosen))
}

function readChecked(file: string, expected: string): Idx {
  const raw = gunzipSync(readFileSync(join(folder!, file)))
  const got = createHash('sha256').update(raw).digest('hex')
  if (got !== expected) throw new Error(`${file}: expected sha256 ${expected}, got ${got}`)
  return parseIdx(raw, file)
}

function take({shape, values}: Idx, chosen: readonly number[]): Idx {
  const size = shape.slice(1).reduce((product, length) => product * length, 1)
  const taken = new Uint8Array(chosen.length * size)
  for (const [row, index] of chosen.entries()) {
    taken.set(values.subarray(index * size, (index + 1) * size), row * size)
  }
  return {shape: [chosen.length, ...shape.slice(1)], values: taken}
}

function write(file: string, content: Idx): void {
  writeFileSync(join(target, file), encodeIdx(content))
  process.stdout.write(`${join(target, file)}: ${content.shape.join(' x ')}\n`)
}

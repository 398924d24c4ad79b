import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'
import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {BackendUnavailable} from '../../../scripts/backends/backend.js'
import {findPackage} from '../../../scripts/backends/resolve.js'
import {webgpu} from '../../../scripts/backends/webgpu.js'
import {temporaryFolder} from '../../support/folder.js'
import {rejects} from '../../support/rejects.js'

const test = suite('webgpu')
const kernels = '@tensorflow/tfjs-backend-webgpu'
const home = process.cwd()
const core = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/package.json'))
test.after(() => process.chdir(home))

interface Packages {
  readonly version?: string
  /** JavaScript of what `requestAdapter` gives. */
  readonly adapter?: string
  /** JavaScript of the kernels, which see `navigator.gpu` and tfjs-core as `tf`. */
  readonly source?: string
}

/** A project that has both packages; the working folder is in it from then on. */
function projectWith({version = tf.version_core, adapter = 'null', source = ''}: Packages): void {
  const folder = temporaryFolder()
  const add = (name: string, manifest: object, index: string) => {
    const own = join(folder, 'node_modules', name)
    mkdirSync(own, {recursive: true})
    writeFileSync(join(own, 'package.json'), JSON.stringify({name, main: 'index.js', ...manifest}))
    writeFileSync(join(own, 'index.js'), index)
  }
  add(
    'webgpu',
    {version: '0.0.1', type: 'module'},
    `export const create = () => ({requestAdapter: async () => (${adapter})})
     export const globals = {GPUBufferUsage: {}}`,
  )
  add(kernels, {version}, `const tf = require('@tensorflow/tfjs-core'); ${source}`)
  symlinkSync(core, join(folder, 'node_modules/@tensorflow/tfjs-core'))
  process.chdir(folder)
}

const card = `{info: {description: 'A Card', vendor: 'v', architecture: 'a', device: 'd'}}`
const soft = `{info: {description: '', vendor: 'v', architecture: 'a', device: '', isFallbackAdapter: true}}`
const works = `
  if (typeof navigator.gpu.requestAdapter !== 'function') throw new Error('no navigator.gpu')
  if (tf.getKernelsForBackend('webgpu').length === 0) tf.copyRegisteredKernels('cpu', 'webgpu')
  tf.registerBackend('webgpu', async () => tf.engine().registryFactory.cpu.factory())`

test('packages that are not there are named, with the command that adds them', async () => {
  process.chdir(temporaryFolder())
  if (findPackage('webgpu')) return // beside this package, where somebody has installed it
  const why = webgpu.missing?.() ?? ''
  assert.match(
    why,
    /^webgpu and @tensorflow\/tfjs-backend-webgpu are not installed; `npm install .*` adds them$/,
  )
  assert.ok(why.includes(`--save-optional --ignore-scripts webgpu@0.6.2 ${kernels}@4.22.0`))
  await rejects(webgpu.load(), why)
})

test('kernels of another version', async () => {
  projectWith({version: '3.0.0'})
  assert.match(webgpu.missing?.() ?? '', /-webgpu 3\.0\.0 does not fit @tensorflow\/tfjs 4\.22\.0;/)
})

test('no adapter is refused before the kernels are loaded', async () => {
  projectWith({source: 'throw new Error("too early")'})
  assert.is(webgpu.missing?.(), undefined)
  const error = await rejects(webgpu.load(), /^no GPU was found through .*driver/)
  assert.instance(error, BackendUnavailable)
})

test('a backend that tfjs gives up in silence is refused', async () => {
  const {warn} = console
  console.warn = () => undefined
  try {
    projectWith({
      adapter: card,
      source: `tf.registerBackend('webgpu', async () => {throw new Error('no device')})`,
    })
    await rejects(
      webgpu.load(),
      /^@tensorflow\/tfjs-backend-webgpu 4.22.0 did not start on A Card$/,
    )
  } finally {
    console.warn = warn
    tf.removeBackend('webgpu')
  }
})

test('one that works says what it computes on, and whether that is imitated', async () => {
  projectWith({adapter: soft, source: works})
  const facts = await webgpu.load()
  assert.equal(facts, {
    version: tf.version_core,
    library: 'Dawn 0.0.1',
    device: 'v a',
    gpu: false,
    imitated: true,
  })
  tf.removeBackend('webgpu')
  projectWith({adapter: card, source: works})
  const {device, gpu, imitated} = await webgpu.load()
  assert.equal({device, gpu, imitated}, {device: 'A Card', gpu: true, imitated: undefined})
  assert.is(tf.getBackend(), webgpu.registeredAs)
})

test.run()

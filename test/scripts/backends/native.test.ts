import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'
import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {nativeBackend} from '../../../scripts/backends/native.js'
import {findPackage} from '../../../scripts/backends/resolve.js'
import {selfTest} from '../../../scripts/backends/self-test.js'
import {temporaryFolder} from '../../support/folder.js'
import {rejects} from '../../support/rejects.js'

const test = suite('native backends')
const name = '@tensorflow/tfjs-node'
const require = createRequire(import.meta.url)
const home = process.cwd()
test.after(() => process.chdir(home))

/** A project whose tfjs-node is the given JavaScript; the working folder is in it from then on. */
function projectWith(version: string, source: string): string {
  const folder = temporaryFolder()
  const own = join(folder, 'node_modules', name)
  mkdirSync(own, {recursive: true})
  writeFileSync(join(own, 'package.json'), JSON.stringify({name, version, main: 'index.js'}))
  writeFileSync(join(own, 'index.js'), source)
  // Its own copy of TensorFlow.js, which must never be run beside ours.
  const copy = join(folder, 'node_modules/@tensorflow/tfjs')
  mkdirSync(copy)
  writeFileSync(join(copy, 'index.js'), 'throw new Error("a second copy of TensorFlow.js")')
  const core = dirname(require.resolve('@tensorflow/tfjs-core/package.json'))
  symlinkSync(core, join(folder, 'node_modules/@tensorflow/tfjs-core'))
  process.chdir(folder)
  return own
}

const native = nativeBackend('tfjs-node', name)

test('a package that is not there', async () => {
  process.chdir(temporaryFolder())
  const why = `${name} is not installed; \`linear-regions backends install --package tfjs-node\` sets it up`
  if (findPackage(name)) return // beside this package, where somebody has installed it
  assert.is(native.missing?.(), why)
  await rejects(native.load(), why)
})

test('a package of another version', async () => {
  projectWith('3.21.1', '')
  const why = `${name} 3.21.1 does not fit @tensorflow/tfjs ${tf.version_core}; \`linear-regions backends install --package tfjs-node\` sets up ${tf.version_core}`
  assert.is(native.missing?.(), why)
  await rejects(native.load(), why)
})

const failures: [message: string, why: RegExp][] = [
  [
    'The Node.js native addon module (tfjs_binding.node) can not be found at path: /x.node. \\nPlease run',
    /4\.22\.0 in .*tfjs-node is incomplete: its native addon was neither downloaded nor built; `linear-regions backends install --package tfjs-node` completes it$/,
  ],
  [
    'libtensorflow.so.2: cannot open shared object file: No such file or directory',
    /is incomplete: libtensorflow\.so\.2: cannot open shared object file: No such file or directory; `linear-regions/,
  ],
  ['something else\\n  with details', /tfjs-node cannot be loaded: something else$/],
]
for (const [message, why] of failures) {
  test(`an installation that fails: ${message.slice(0, 30)}`, async () => {
    projectWith(tf.version_core, `throw new Error("${message}")`)
    assert.is(native.missing?.(), undefined)
    await rejects(native.load(), why)
  })
}

test("the project's copy is found first", () => {
  const own = projectWith('1.2.3', '')
  assert.is(findPackage(name)?.version, '1.2.3')
  assert.is(findPackage(name)?.folder, own)
  const tfjs = dirname(require.resolve('@tensorflow/tfjs/package.json'))
  assert.is(findPackage('@tensorflow/tfjs', '/')?.folder, tfjs)
  assert.is(findPackage('@tensorflow/tfjs-nothing'), undefined)
})

test('one that works becomes the active backend, on our copy of TensorFlow.js', async () => {
  projectWith(
    tf.version_core,
    `const tf = require('@tensorflow/tfjs')
     tf.copyRegisteredKernels('cpu', 'tensorflow')
     tf.registerBackend('tensorflow', () => {
       const backend = tf.engine().registryFactory.cpu.factory()
       return Object.assign(backend, {isUsingGpuDevice: false, binding: {TF_Version: '9.9.9'}})
     })`,
  )
  const facts = await native.load()
  assert.is(tf.getBackend(), native.registeredAs)
  assert.is(facts.library, 'TensorFlow 9.9.9')
  assert.is(facts.version, tf.version_core)
  assert.is(facts.gpu, false)
  await selfTest()
})

test.run()

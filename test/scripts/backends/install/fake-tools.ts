import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'
import * as tf from '@tensorflow/tfjs'
import type {Backend} from '../../../../scripts/backends/backend.js'
import {
  type InstallOptions,
  installBackend,
  type Surroundings,
} from '../../../../scripts/backends/install/index.js'
import type {Proof} from '../../../../scripts/backends/prove.js'
import {temporaryFolder} from '../../../support/folder.js'
import {capture} from '../../capture.js'

/** What a fake tool does instead of succeeding, by the variable that it reads. */
export interface Mishaps {
  readonly FAKE_PIP?: 'absent' | 'unreachable' | 'no such version' | 'full' | 'hangs' | 'old wheel'
  readonly FAKE_NPM?: 'adds nothing' | 'compiler fails' | 'no headers' | 'builds what crashes'
}

export interface Workshop {
  readonly project: string
  readonly cache: string
  /** Takes a tool away. */
  without(tool: string): void
  /** Undoes all that was changed in this process. */
  leave(): void
}

export const host = {platform: 'linux', arch: 'x64', glibc: '2.31', freeBytes: async () => 1e12}

export interface Given extends Partial<InstallOptions>, Surroundings {
  readonly signal?: AbortSignal
}

/** Installs in the workshop one is in; what was written to stdout and stderr. */
export async function install({
  signal = new AbortController().signal,
  host: machine = host,
  prove,
  ...options
}: Given = {}): Promise<{stdout: string; stderr: string}> {
  const [stdout, stderr] = [capture(), capture()]
  await installBackend(
    {gpu: false, tensorflow: undefined, package: 'tfjs-node', ...options},
    {stdout: stdout.stream, stderr: stderr.stream, signal},
    {host: machine, ...(prove && {prove})},
  )
  return {stdout: stdout.text(), stderr: stderr.text()}
}

/** A quick proof: what the package would say of itself, without a process that asks it. */
export async function proveByFiles({package: name}: Backend): Promise<Proof> {
  const folder = join('node_modules', name)
  const built = join(folder, 'lib/napi-v8/tfjs_binding.node')
  if (!existsSync(built)) return {works: false, why: 'not built'}
  const version = readFileSync(join(folder, 'deps/lib/libtensorflow_cc.so.2'), 'utf8')
  const facts = {version: tf.version_core, library: `TensorFlow ${version}`, device: 'a processor'}
  const speed = {
    matMul: {size: 256, gflops: 1},
    roundoff: 2 ** -24,
    distanceError: 1e-6,
    boundError: 1e-6,
  }
  return {works: true, facts: {...facts, gpu: false, ...speed}}
}

const require = createRequire(import.meta.url)
const workshops = temporaryFolder()

/**
 * A project in which nothing is installed, a cache folder, and a PATH that holds nothing but fakes of
 * python3, npm, make and g++. The working folder is in the project from then on.
 */
export function enterWorkshop(mishaps: Mishaps = {}): Workshop {
  const folder = mkdtempSync(join(workshops, 'workshop-'))
  const [bin, project, cache] = ['bin', 'project', 'cache'].map((name) => join(folder, name))
  const paths = {bin: bin!, project: project!, cache: cache!}
  mkdirSync(paths.bin)
  mkdirSync(join(paths.project, 'node_modules/@tensorflow'), {recursive: true})
  writeFileSync(join(paths.project, 'package.json'), '{"private": true}')
  for (const name of ['@tensorflow/tfjs', '@tensorflow/tfjs-core']) {
    const real = dirname(require.resolve(`${name}/package.json`))
    symlinkSync(real, join(paths.project, 'node_modules', name))
  }
  const write = (name: string, source: string) => {
    const file = join(paths.bin, name)
    writeFileSync(file, `#!${process.execPath}\n${source}`)
    chmodSync(file, 0o755)
  }
  write('make', 'console.log("GNU Make 4.3")')
  write('g++', 'console.log("g++ (GCC) 12.2.0")')
  write('python3', python)
  write('npm', npm)

  const home = process.cwd()
  const before = {...process.env}
  process.chdir(paths.project)
  delete process.env.CXX
  // In place: packages have taken hold of the object.
  Object.assign(process.env, mishaps, {PATH: paths.bin, XDG_CACHE_HOME: paths.cache})
  return {
    project: paths.project,
    cache: join(paths.cache, 'tfjs-linear-regions'),
    without(tool) {
      rmSync(join(paths.bin, tool))
    },
    leave() {
      process.chdir(home)
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
      Object.assign(process.env, before)
    },
  }
}

/** A wheel is JSON here: what lies at which path. */
const python = `
const {mkdirSync, readFileSync, writeFileSync} = require('node:fs')
const {basename, dirname, join} = require('node:path')
const [first, ...args] = process.argv.slice(2)
const fail = (words) => { console.error(words); process.exit(1) }
const mishap = process.env.FAKE_PIP
if (first === '--version') console.log('Python 3.11.7')
else if (first === '-c') {
  const [, wheel, folder, ...starts] = args
  for (const [path, text] of Object.entries(JSON.parse(readFileSync(wheel, 'utf8')))) {
    if (!starts.some((start) => path.startsWith(start))) continue
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    writeFileSync(join(folder, path), text)
  }
} else if (mishap === 'absent') fail('/usr/bin/python3: No module named pip')
else if (args[1] === '--version') console.log('pip 23.2.1 from somewhere (python 3.11)')
else {
  const requirement = args.at(-1)
  const [name, version = '12.9'] = requirement.split(/[=<>]+/)
  const snake = name.replaceAll('-', '_')
  const file = join(args[args.indexOf('--dest') + 1], snake + '-' + version + '-cp311-cp311-linux.whl')
  if (mishap === 'unreachable') fail('WARNING: Retrying\\nERROR: Could not install packages due to an OSError: HTTPSConnectionPool: Max retries exceeded')
  if (mishap === 'full') fail('ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device')
  if (mishap === 'no such version') fail('ERROR: Could not find a version that satisfies the requirement ' + requirement + ' (from versions: 2.15.0, 2.21.0rc0, 2.21.0)\\nERROR: No matching distribution found')
  if (mishap === 'hangs') {
    writeFileSync(file, 'half of')
    setInterval(() => undefined, 1000)
  } else {
    const own = 'tensorflow/'
    const lib = own + 'libtensorflow_'
    const metadata = 'Name: ' + name + '\\nRequires-Dist: nvidia-cublas-cu12<13.0,>=12.5; extra == "and-cuda"\\n'
    const wheel = name.startsWith('nvidia') ? {
      'nvidia/cublas/lib/libcublas.so.12': version,
      'nvidia_cublas_cu12.dist-info/METADATA': '',
    } : {
      [lib + (mishap === 'old wheel' ? 'old' : 'cc') + '.so.2']: version,
      [lib + 'framework.so.2']: version,
      [own + 'include/tensorflow/c/c_api.h']: '',
      [own + 'include/Eigen/Core']: '',
      [own + 'python/large.py']: '',
      [snake + '-' + version + '.dist-info/METADATA']: metadata,
    }
    writeFileSync(file, JSON.stringify(wheel))
  }
}`

/** Built against a library that states its version, and computing on plain JavaScript. */
const addon = `
const {existsSync, readFileSync} = require('node:fs')
const {join} = require('node:path')
const tf = require('@tensorflow/tfjs')
const built = join(__dirname, 'lib/napi-v8/tfjs_binding.node')
if (!existsSync(built)) throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found at path: ' + built)
if (readFileSync(built, 'utf8') === 'crashes') process.kill(process.pid, 'SIGILL')
const TF_Version = readFileSync(join(__dirname, 'deps/lib/libtensorflow_cc.so.2'), 'utf8')
const isUsingGpuDevice = existsSync(join(__dirname, 'deps/nvidia/cublas/lib/libcublas.so.12')) && process.env.FAKE_GPU === 'yes'
tf.copyRegisteredKernels('cpu', 'tensorflow')
tf.registerBackend('tensorflow', () => Object.assign(tf.engine().registryFactory.cpu.factory(), {isUsingGpuDevice, binding: {TF_Version}}))`

const npm = `
const {appendFileSync, existsSync, mkdirSync, writeFileSync} = require('node:fs')
const {join} = require('node:path')
const args = process.argv.slice(2)
const fail = (words) => { console.error(words); process.exit(1) }
const mishap = process.env.FAKE_NPM
const log = join(process.env.XDG_CACHE_HOME, '../npm.log')
if (args[0] === '--version') console.log('11.19.1')
else if (args[0] === 'install') {
  appendFileSync(log, args.join(' ') + '\\n')
  if (mishap === 'adds nothing') fail('npm error code ENOTFOUND\\nnpm error network request failed')
  for (const spec of args.slice(1).filter((each) => each.startsWith('@'))) {
    const [, name, version] = spec.match(/^(.*)@(.*)$/)
    const folder = join('node_modules', name)
    if (existsSync(folder)) continue
    mkdirSync(folder)
    writeFileSync(join(folder, 'package.json'), JSON.stringify({name, version, main: 'index.js'}))
    writeFileSync(join(folder, 'index.js'), ${JSON.stringify(addon)})
  }
} else if (args.join(' ') === 'exec -- node-pre-gyp install --build-from-source') {
  appendFileSync(log, 'build with ' + process.env.CXX + '\\n')
  if (mishap === 'compiler fails') fail('binding/utils.h:27:10: fatal error: tensorflow/c/c_api.h: No such file or directory\\nmake: *** [x.o] Error 1\\ngyp ERR! not ok')
  if (mishap === 'no headers') fail('gyp http GET https://example.org/node-headers.tar.gz\\ngyp ERR! stack FetchError: headers: connect ECONNREFUSED\\ngyp ERR! not ok')
  if (!existsSync('deps/lib/libtensorflow.so') || !existsSync('deps/include/tensorflow/c/c_api.h')) fail('no library')
  mkdirSync('lib/napi-v8', {recursive: true})
  writeFileSync('lib/napi-v8/tfjs_binding.node', mishap === 'builds what crashes' ? 'crashes' : 'built')
} else fail('npm error unknown command ' + args.join(' '))`

export const version = tf.version_core

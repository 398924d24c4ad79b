import * as tf from '@tensorflow/tfjs'
import {type Context, UsageError} from '../../command.js'
import type {Backend} from '../backend.js'
import {backends} from '../index.js'
import {type Proof, prove as proveBackend} from '../prove.js'
import {packageAt} from '../resolve.js'
import type {Proved} from '../tasks.js'
import {warningsFor} from '../warnings.js'
import {addPackage} from './add-package.js'
import {buildAddon} from './build.js'
import {checkPlatform, type Host, thisHost} from './host.js'
import {fetchLibrary, isFetched, libraryOf} from './library.js'
import {isLinkedTo, linkLibrary} from './link.js'
import {projectFolder} from './project.js'
import {findTools} from './tools.js'

export interface InstallOptions {
  readonly gpu: boolean
  /** Version of the library. Default: 2.21.0, or whatever is there and works. */
  readonly tensorflow: string | undefined
  /** Default: tfjs-node-gpu. */
  readonly package: 'tfjs-node-gpu' | 'tfjs-node' | undefined
}

/** What tests replace. */
export interface Surroundings {
  readonly host?: Host
  readonly prove?: (backend: Backend) => Promise<Proof>
}

const defaultVersion = '2.21.0'

/**
 * Sets up native TensorFlow in the project one stands in: the library from TensorFlow's wheels for
 * Python, kept in the user's cache folder; the npm package; the addon, built from the package's own
 * source; and a computation at the end. What is there already is not done again, and an installation
 * that works is used as it is unless another library is asked for.
 *
 * @throws at the first step that fails; the message says what to do
 */
export async function installBackend(
  options: InstallOptions,
  {stdout, stderr, signal}: Pick<Context, 'stdout' | 'stderr' | 'signal'>,
  {host = thisHost(), prove = proveBackend}: Surroundings = {},
): Promise<void> {
  const {gpu, tensorflow = defaultVersion, package: name = 'tfjs-node-gpu'} = options
  if (!/^\d+\.\d+\.\d+$/.test(tensorflow)) {
    throw new UsageError(
      `tensorflow: expected a version such as ${defaultVersion}, got "${tensorflow}"`,
    )
  }
  const backend = backends.find((each) => each.name === name)!
  const library = libraryOf(tensorflow, gpu)
  const project = projectFolder(process.cwd())
  const say = (line: string) => void stderr.write(`${line}\n`)
  const step = (number: number, what: string) => say(`[${number}/6] ${what}`)
  const warn = (facts: Proved) => {
    for (const warning of warningsFor(name, facts)) say(`WARNING: ${warning}`)
  }

  const had = packageAt(project, backend.package)
  const proof = had ? await prove(backend) : undefined
  signal.throwIfAborted()
  if (proof?.works && isWanted(proof.facts, options, isLinkedTo(library, had!.folder))) {
    stdout.write(`nothing to do: ${describe(backend.package, proof.facts)} works\n`)
    return warn(proof.facts)
  }
  checkPlatform(host)
  const tools = await findTools(signal)
  step(1, `building with ${tools.described}`)

  const build = `TensorFlow ${tensorflow} ${gpu ? 'with CUDA 12' : 'for the CPU'}`
  if (isFetched(library)) step(2, `${build} is in ${library.folder}`)
  else {
    step(2, `fetching ${build}`)
    await fetchLibrary(library, {host, signal, say})
  }
  step(3, `adding ${backend.package}@${tf.version_core} to ${project}`)
  const {folder} = await addPackage(backend.package, tf.version_core, project, signal)
  step(4, `linking the library into ${folder}`)
  await linkLibrary(library, folder)
  step(5, 'building the addon')
  await buildAddon(folder, tools, signal)
  step(6, 'proving it by a computation')
  const {facts} = proved(await prove(backend))
  stdout.write(`installed: ${describe(backend.package, facts)} works\n`)
  say('`npm ci` and `npm install` take it out again; this command then puts it back in seconds')
  warn(facts)
}

/** Does what is there satisfy what was asked for? */
function isWanted(
  facts: Proved,
  {gpu, tensorflow}: InstallOptions,
  isThisLibrary: boolean,
): boolean {
  if (isThisLibrary) return true
  if (tensorflow !== undefined && facts.library !== `TensorFlow ${tensorflow}`) return false
  return !gpu || facts.gpu
}

function describe(packageName: string, {version, library, device}: Proved): string {
  return `${packageName} ${version} with ${library} on ${device}`
}

function proved(proof: Proof): Extract<Proof, {works: true}> {
  if (proof.works) return proof
  throw new Error(`install: everything was built, but it does not work: ${proof.why}`)
}

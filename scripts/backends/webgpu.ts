import {pathToFileURL} from 'node:url'
import * as tf from '@tensorflow/tfjs'
import {type Backend, type BackendFacts, BackendUnavailable} from './backend.js'
import {shareTensorFlow} from './one-copy.js'
import {findPackage, type Installed} from './resolve.js'

const kernels = '@tensorflow/tfjs-backend-webgpu'
const dawn = 'webgpu'
/** The version of Dawn that this was tried with; later ones may expect other things of the kernels. */
const dawnVersion = '0.6.2'

interface Adapter {
  readonly info: {
    readonly vendor: string
    readonly architecture: string
    readonly device: string
    readonly description: string
    readonly isFallbackAdapter?: boolean
  }
}

interface Gpu {
  requestAdapter(options: object): Promise<Adapter | null>
}

interface Dawn {
  create(options: readonly string[]): Gpu
  readonly globals: object
}

/**
 * The GPU through Vulkan, Metal or Direct3D: Dawn (npm `webgpu`) gives Node what browsers have, and
 * `@tensorflow/tfjs-backend-webgpu` computes on it. Both are optional. A process that has loaded it
 * must be ended with `process.exit`.
 */
export const webgpu: Backend = {
  name: 'webgpu',
  package: kernels,
  registeredAs: 'webgpu',
  missing: () => whyMissing(findPackage(kernels), findPackage(dawn)),
  async load() {
    const [own, gpu] = [findPackage(kernels), findPackage(dawn)]
    const missing = whyMissing(own, gpu)
    if (missing !== undefined) throw new BackendUnavailable(missing)
    return activate(own!, gpu!)
  },
}

function whyMissing(own: Installed | undefined, gpu: Installed | undefined): string | undefined {
  const wanted = tf.version_core
  const add = `npm install --no-save --save-optional --ignore-scripts ${dawn}@${dawnVersion} ${kernels}@${wanted}`
  const absent = [gpu ? [] : dawn, own ? [] : kernels].flat()
  if (absent.length > 0) {
    return `${absent.join(' and ')} ${absent.length > 1 ? 'are' : 'is'} not installed; \`${add}\` adds ${absent.length > 1 ? 'them' : 'it'}`
  }
  if (own!.version === wanted) return undefined
  return `${kernels} ${own!.version} does not fit @tensorflow/tfjs ${wanted}; \`${add}\` replaces it`
}

async function activate(own: Installed, dawnPackage: Installed): Promise<BackendFacts> {
  const adapter = await giveNavigator(dawnPackage)
  shareTensorFlow(own.folder, ['@tensorflow/tfjs-core'])
  own.require(kernels)
  // Where it fails, tfjs says so on stderr alone and goes on with another backend.
  if (!(await tf.setBackend('webgpu')) || tf.getBackend() !== 'webgpu') {
    throw new BackendUnavailable(`${kernels} ${own.version} did not start on ${nameOf(adapter)}`)
  }
  const {isFallbackAdapter} = adapter.info
  return {
    version: own.version,
    library: `Dawn ${dawnPackage.version}`,
    device: nameOf(adapter),
    gpu: !isFallbackAdapter,
    ...(isFallbackAdapter && {imitated: true}),
  }
}

/** Puts `navigator.gpu` where the kernels look for it; that must be there before they are loaded. */
async function giveNavigator({require, version}: Installed): Promise<Adapter> {
  const {create, globals}: Dawn = await import(pathToFileURL(require.resolve(dawn)).href).catch(
    (error: Error) => {
      const line = error.message.trim().split('\n')[0]
      throw new BackendUnavailable(`${dawn} ${version} cannot be loaded: ${line}`)
    },
  )
  const gpu = create([])
  // Node 21 and later have a navigator that can only be added to, before there is none.
  const value = globalThis.navigator ?? {}
  Object.defineProperty(value, 'gpu', {value: gpu, configurable: true, writable: true})
  Object.defineProperty(globalThis, 'navigator', {value, configurable: true, writable: true})
  Object.assign(globalThis, globals)
  const adapter = await gpu.requestAdapter({powerPreference: 'high-performance'})
  if (adapter) return adapter
  throw new BackendUnavailable(
    `no GPU was found through ${systemOf(process.platform)}; it needs the card's own driver, in a container too`,
  )
}

function systemOf(platform: string): string {
  if (platform === 'darwin') return 'Metal'
  return platform === 'win32' ? 'Direct3D 12' : 'Vulkan (on Debian, Ubuntu: libvulkan1)'
}

function nameOf({info: {description, device, vendor, architecture}}: Adapter): string {
  return description || device || [vendor, architecture].filter(Boolean).join(' ') || 'GPU'
}

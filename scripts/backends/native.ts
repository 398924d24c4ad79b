import * as tf from '@tensorflow/tfjs'
import {type Backend, type BackendFacts, BackendUnavailable} from './backend.js'
import {graphicsCardName, processorName} from './device.js'
import {shareTensorFlow} from './one-copy.js'
import {repairNode} from './repair-node.js'
import {findPackage, type Installed} from './resolve.js'

interface NativeBackend {
  readonly isUsingGpuDevice: boolean
  readonly binding: {readonly TF_Version: string}
}

/**
 * TensorFlow's C library through `@tensorflow/tfjs-node` or `@tensorflow/tfjs-node-gpu`. Both are
 * optional: the user's own copy is used where there is one.
 */
export function nativeBackend(name: string, packageName: string): Backend {
  return {
    name,
    package: packageName,
    registeredAs: 'tensorflow',
    missing: () => whyMissing(packageName, findPackage(packageName)),
    async load() {
      const installed = findPackage(packageName)
      const missing = whyMissing(packageName, installed)
      if (missing !== undefined) throw new BackendUnavailable(missing)
      return activate(packageName, installed!)
    },
  }
}

function whyMissing(name: string, installed: Installed | undefined): string | undefined {
  const wanted = tf.version_core
  if (installed === undefined) {
    return `${name} is not installed; ${howToHave(name)} sets it up`
  }
  if (installed.version !== wanted) {
    return `${name} ${installed.version} does not fit @tensorflow/tfjs ${wanted}; ${howToHave(name)} sets up ${wanted}`
  }
  return undefined
}

const howToHave = (name: string) =>
  `\`linear-regions backends install${name.endsWith('-gpu') ? '' : ' --package tfjs-node'}\``

async function activate(name: string, installed: Installed): Promise<BackendFacts> {
  // TensorFlow's notes on its processor features and its warnings are nothing a user can act on.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  repairNode()
  try {
    shareTensorFlow(installed.folder)
    installed.require(name)
  } catch (error) {
    throw new BackendUnavailable(explain(name, installed, (error as Error).message))
  }
  if (!(await tf.setBackend('tensorflow'))) {
    throw new BackendUnavailable(`${name} was loaded but TensorFlow did not start`)
  }
  const {isUsingGpuDevice, binding} = tf.backend() as unknown as NativeBackend
  return {
    version: installed.version,
    library: `TensorFlow ${binding.TF_Version}`,
    device: isUsingGpuDevice ? graphicsCardName() : processorName(),
    gpu: isUsingGpuDevice,
  }
}

/** The reasons met in practice, in words that help; any other in its own first line. */
function explain(name: string, {folder, version}: Installed, message: string): string {
  const help = `${howToHave(name)} completes it`
  const line = message.trim().split('\n')[0]!
  if (/native addon module .* can not be found/i.test(line)) {
    return `${name} ${version} in ${folder} is incomplete: its native addon was neither downloaded nor built; ${help}`
  }
  if (/cannot open shared object file/.test(line)) {
    return `${name} ${version} in ${folder} is incomplete: ${line}; ${help}`
  }
  return `${name} ${version} in ${folder} cannot be loaded: ${line}`
}

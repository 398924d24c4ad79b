import {createRequire} from 'node:module'
import {dirname, sep} from 'node:path'
import * as tf from '@tensorflow/tfjs'
import {type Backend, BackendUnavailable} from './backend.js'
import {processorName} from './device.js'

const require = createRequire(import.meta.url)
const packageName = '@tensorflow/tfjs-backend-wasm'

/** WebAssembly: comes with this package and runs wherever Node does, on one thread. */
export const wasm: Backend = {
  name: 'wasm',
  package: packageName,
  registeredAs: 'wasm',
  async load() {
    const {setWasmPaths, version_wasm: version} = await import('@tensorflow/tfjs-backend-wasm')
    // Named outright: the default is the working folder for some bundles of the package.
    setWasmPaths(dirname(require.resolve(packageName)) + sep)
    if (!(await tf.setBackend('wasm'))) {
      throw new BackendUnavailable(
        `${packageName} ${version} did not start in Node ${process.version}`,
      )
    }
    const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) ? 'SIMD' : 'no SIMD'
    return {version, library: null, device: `${processorName()}, 1 thread, ${simd}`, gpu: false}
  },
}

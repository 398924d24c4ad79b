import {createRequire} from 'node:module'
import {dirname} from 'node:path'
import * as tf from '@tensorflow/tfjs'
import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm'

const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')
setWasmPaths(`${dirname(wasm)}/dist/`)

/** The backends that every machine has. */
export const backends = ['cpu', 'wasm'] as const

/** Switches to a backend, or throws: tfjs itself goes on with another one in silence. */
export async function useBackend(name: string): Promise<void> {
  const had = await tf.setBackend(name)
  if (!had || tf.getBackend() !== name) throw new Error(`backend ${name} cannot be had`)
}

import type {Backend} from './backend.js'
import {cpu} from './cpu.js'
import {nativeBackend} from './native.js'
import {wasm} from './wasm.js'
import {webgpu} from './webgpu.js'

/** Every backend, in the order in which they are tried. A new one is one file and one line here. */
export const backends: readonly Backend[] = [
  nativeBackend('tfjs-node-gpu', '@tensorflow/tfjs-node-gpu'),
  nativeBackend('tfjs-node', '@tensorflow/tfjs-node'),
  webgpu,
  wasm,
  cpu,
]

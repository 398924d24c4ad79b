import * as tf from '@tensorflow/tfjs'
import type {Backend} from './backend.js'
import {processorName} from './device.js'

/** Plain JavaScript: slow, but nothing can be missing. */
export const cpu: Backend = {
  name: 'cpu',
  package: '@tensorflow/tfjs',
  registeredAs: 'cpu',
  async load() {
    await tf.setBackend('cpu')
    return {
      version: tf.version_core,
      library: null,
      device: `${processorName()}, 1 thread`,
      gpu: false,
    }
  },
}

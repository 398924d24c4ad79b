import * as tf from '@tensorflow/tfjs'
import {backends as known} from '../../scripts/backends/index.js'
import {silenceGreeting} from '../../scripts/backends/quiet.js'

// Set to nothing it names none, which is no wish for no tests.
const asked = process.env.LINEAR_REGIONS_BACKENDS?.match(/[^ ,]+/g)

/**
 * The backends that numerical tests run on: those that every machine has, or the ones that
 * LINEAR_REGIONS_BACKENDS names, `tfjs-node,wasm,cpu`. Of the native ones only one can be named.
 */
export const backends: readonly string[] = asked ?? ['cpu', 'wasm']

const loaded = new Map<string, Promise<unknown>>()

/**
 * Switches to a backend, by the name that `--backend` knows, or throws: tfjs itself goes on with
 * another one in silence. Where LINEAR_REGIONS_BACKENDS leaves that one out, its first is meant.
 */
export async function useBackend(wanted: string): Promise<void> {
  const name = asked && !asked.includes(wanted) ? asked[0]! : wanted
  const backend = known.find((each) => each.name === name)
  if (backend === undefined) throw new Error(`backend ${name} is not known`)
  silenceGreeting()
  if (!loaded.has(name)) loaded.set(name, backend.load())
  await loaded.get(name)
  const had = await tf.setBackend(backend.registeredAs)
  if (!had || tf.getBackend() !== backend.registeredAs) {
    throw new Error(`backend ${name} cannot be had`)
  }
}

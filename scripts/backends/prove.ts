import type {Backend} from './backend.js'
import {inChild} from './in-child.js'
import type {Proved} from './tasks.js'

/** What came of trying a backend. */
export type Proof =
  | {readonly works: true; readonly facts: Proved}
  | {readonly works: false; readonly why: string}

/** Loads and tests a backend in a process of its own, see `inChild`. */
export async function prove(backend: Backend, options: {timeout?: number} = {}): Promise<Proof> {
  const {result, why} = await inChild(backend, 'prove', options)
  return why === undefined ? {works: true, facts: result} : {works: false, why}
}

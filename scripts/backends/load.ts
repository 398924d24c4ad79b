import type {Backend, BackendFacts} from './backend.js'
import {backends} from './index.js'
import {type Proof, prove} from './prove.js'
import {silenceGreeting} from './quiet.js'

/** A backend that was tried before the chosen one, or not tried at all, and why. */
export interface Refused {
  readonly name: string
  readonly why: string
}

/** The backend that runs, as it is written into the run's row. */
export interface ChosenBackend extends BackendFacts {
  readonly name: string
  readonly package: string
  readonly refused: readonly Refused[]
  /** What the user should be told; already part of what is recorded. */
  readonly warnings: readonly string[]
}

export interface LoadBackendOptions {
  /** Forces one backend; without it the first that works is taken. */
  readonly name?: string | undefined
  readonly candidates?: readonly Backend[]
  readonly prove?: (backend: Backend) => Promise<Proof>
}

const works = {works: true} as const
/** What was proved in this process need not be proved again, as where tests run many commands. */
const proved = new WeakSet<Backend>()

/**
 * Chooses a backend, proves it in a child process, and loads it, alone, into this one. Once a
 * process: the second backend of a process is never loaded.
 *
 * @throws where the forced backend cannot be had, or where none works; the message says why
 *
 * @example
 * const backend = await loadBackend()
 * backend.name    //-> 'wasm'
 * backend.refused //-> [{name: 'tfjs-node-gpu', why: '@tensorflow/tfjs-node-gpu is not installed; ...'}, ...]
 */
export async function loadBackend({
  name,
  candidates = backends,
  prove: tryOut = prove,
}: LoadBackendOptions = {}): Promise<ChosenBackend> {
  silenceGreeting()
  const forced = name === undefined ? undefined : find(name, candidates)
  const refused: Refused[] = []
  for (const backend of candidates) {
    if (forced !== undefined && backend !== forced) {
      refused.push({name: backend.name, why: `not tried: --backend ${forced.name} was given`})
      continue
    }
    const proof = proved.has(backend) ? works : await tryOut(backend)
    if (!proof.works) {
      if (forced) throw new Error(`backend: ${forced.name} cannot be had: ${proof.why}`)
      refused.push({name: backend.name, why: proof.why})
      continue
    }
    proved.add(backend)
    const facts = await backend.load()
    const {name: chosen, package: from} = backend
    return {name: chosen, package: from, ...facts, refused, warnings: warningsFor(chosen, facts)}
  }
  const reasons = refused.map(({name: each, why}) => `${each}: ${why}`)
  throw new Error(`backend: none of them works here (${reasons.join('; ')})`)
}

function find(name: string, candidates: readonly Backend[]): Backend {
  const found = candidates.find((backend) => backend.name === name)
  if (found) return found
  const names = candidates.map((backend) => backend.name)
  throw new Error(`backend: expected one of ${names.join(', ')}, got "${name}"`)
}

function warningsFor(name: string, {gpu, library}: BackendFacts): string[] {
  if (name !== 'tfjs-node-gpu' || gpu) return []
  return [
    `tfjs-node-gpu computes on the CPU: ${library} found no GPU that it can use (the card's driver and the CUDA libraries of that version are needed); the results are right, only slower`,
  ]
}

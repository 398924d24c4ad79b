import type {Backend} from './backend.js'
import {backends} from './index.js'
import {type Proof, prove} from './prove.js'
import {silenceGreeting} from './quiet.js'
import type {Proved} from './tasks.js'
import {warningsFor} from './warnings.js'

/** A backend that was tried before the chosen one, or not tried at all, and why. */
export interface Refused {
  readonly name: string
  readonly why: string
}

/** The backend that runs, as it is written into the run's row. */
export interface ChosenBackend extends Proved {
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

/** What was proved in this process need not be proved again, as where tests run many commands. */
const proved = new WeakMap<Backend, Proof>()

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
    const proof = proved.get(backend) ?? (await tryOut(backend))
    if (!proof.works) {
      if (forced) throw new Error(`backend: ${forced.name} cannot be had: ${proof.why}`)
      refused.push({name: backend.name, why: proof.why})
      continue
    }
    const refusal = forced ? undefined : notByItself(backend, proof.facts)
    if (refusal !== undefined) {
      refused.push({name: backend.name, why: refusal})
      continue
    }
    proved.set(backend, proof)
    const facts = {...proof.facts, ...(await backend.load())}
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

/** Why a backend that works is taken only where it is asked for by name. */
export function notByItself({name}: Backend, {imitated, device}: Proved): string | undefined {
  if (!imitated) return undefined
  return `${device} imitates a GPU on the processor, slower than wasm; --backend ${name} takes it all the same`
}

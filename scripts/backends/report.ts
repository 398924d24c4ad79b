import type {Backend} from './backend.js'
import {inChild} from './in-child.js'
import {backends} from './index.js'
import {notByItself} from './load.js'
import type {Proved} from './tasks.js'
import {warningsFor} from './warnings.js'

/** One backend as `linear-regions backends` tells of it. */
export interface BackendReport extends Partial<Proved> {
  readonly name: string
  readonly package: string
  /** `usable`: only by its name. `refused`: it is installed and does not work. */
  readonly state: 'chosen' | 'works' | 'usable' | 'refused' | 'missing'
  /** Why it cannot be had, or is not taken by itself, and what would help. */
  readonly why: string | null
  readonly warnings: readonly string[]
}

export interface ReportOptions {
  readonly candidates?: readonly Backend[]
  readonly measure?: typeof inChild
  /** Told of each backend before it is measured, which takes seconds. */
  readonly onBackend?: (name: string) => void
  readonly signal?: AbortSignal
}

/** Tries and measures every backend, each in a process of its own, one after the other. */
export async function reportBackends({
  candidates = backends,
  measure = inChild,
  onBackend = () => undefined,
  signal,
}: ReportOptions = {}): Promise<BackendReport[]> {
  const reports: BackendReport[] = []
  let chosen = false
  for (const backend of candidates) {
    signal?.throwIfAborted()
    const {name, package: from} = backend
    const missing = backend.missing?.()
    if (missing === undefined) onBackend(name)
    const {result, why} = missing ? {why: missing} : await measure(backend, 'measure')
    if (why !== undefined) {
      const state = missing === undefined ? 'refused' : 'missing'
      reports.push({name, package: from, state, why, warnings: []})
      continue
    }
    const reason = notByItself(backend, result) ?? null
    const state = reason !== null ? 'usable' : chosen ? 'works' : 'chosen'
    if (state === 'chosen') chosen = true
    const warnings = warningsFor(name, result)
    reports.push({name, package: from, state, ...result, why: reason, warnings})
  }
  return reports
}

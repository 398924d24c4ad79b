import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {text} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'
import {median} from './median.js'
import type {BenchResult} from './run.js'

/** One measurement on two backends, in processes of their own. */
export interface BackendRow {
  readonly network: string
  readonly measure: string
  /** Medians by backend. */
  readonly milliseconds: Readonly<Record<string, number>>
  /** Of the second backend over the first. */
  readonly ratio: number
}

/** Rounds in which the backends take turns. */
const rounds = 2

/**
 * Times the measurements of multilayer perceptrons on two backends, turn about.
 *
 * @param say is told each number as soon as it is there: all of it can take half an hour
 */
export async function compareBackends(
  names: readonly [string, string],
  runs: number,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<BackendRow[]> {
  const found = new Map<
    string,
    {network: string; measure: string; times: Record<string, number[]>}
  >()
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      for (const {network, measure, milliseconds} of (await inProcess(name, runs, signal)).speed) {
        say(
          `${name}, round ${round + 1} of ${rounds}: ${network}, ${measure}: ${milliseconds.toFixed(1)} ms`,
        )
        const key = `${network} ${measure}`
        const row = found.get(key) ?? {network, measure, times: {}}
        found.set(key, row)
        row.times[name] = [...(row.times[name] ?? []), milliseconds]
      }
    }
  }
  return [...found.values()].map(({network, measure, times}) => {
    const [first, second] = names.map((name) => median(times[name]!)) as [number, number]
    const milliseconds = {[names[0]]: first, [names[1]]: second}
    return {network, measure, milliseconds, ratio: second / first}
  })
}

/** `bench --parts speed` on one backend, in a process of its own: a process has one backend. */
async function inProcess(name: string, runs: number, signal: AbortSignal): Promise<BenchResult> {
  const own = fileURLToPath(import.meta.url)
  const program = own.replace(/bench[\\/]compare-backends(?=\.[jt]s$)/, 'bin')
  const execArgv = own.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : []
  const words = ['bench', '--parts', 'speed', '--json', '--backend', name, '--runs', `${runs}`]
  const child = spawn(process.execPath, [...execArgv, program, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    // It has nothing open to close, and told kindly would go on to the end of a network.
    killSignal: 'SIGKILL',
  })
  const [answer, said, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]).catch((error) => {
    // Why it was ended says more than that it was.
    signal.throwIfAborted()
    throw error
  })
  if (code !== 0) throw new Error(`${name}: ${said.trim().split('\n').at(-1)}`)
  return JSON.parse(answer)
}

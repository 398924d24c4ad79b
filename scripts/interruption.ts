/** Milliseconds within which a second signal is the same Ctrl-C: npm hands on what the terminal sent. */
const echo = 1000

/**
 * A signal that is aborted by the first Ctrl-C (or SIGTERM), so that a command can close what it has
 * open. A second one, meant as such, ends the process at once.
 */
export function listenForInterruption(
  process: NodeJS.Process,
  now: () => number = () => performance.now(),
): AbortSignal {
  const interruption = new AbortController()
  let first: number | undefined
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (first !== undefined && now() - first > echo) process.exit(1)
      first ??= now()
      interruption.abort(new Error('interrupted'))
    })
  }
  return interruption.signal
}

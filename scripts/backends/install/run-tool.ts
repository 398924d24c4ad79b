import {spawn} from 'node:child_process'

/** What came of running another program. */
export interface Outcome {
  readonly succeeded: boolean
  /** It is not on the PATH. */
  readonly missing: boolean
  /** The end of what it wrote, on both streams. */
  readonly output: string
}

export interface ToolOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/**
 * Runs another program to its end, without a shell.
 *
 * @throws the signal's reason where it was interrupted, once the program has ended
 */
export function runTool(
  program: string,
  args: readonly string[],
  {cwd, env = {}, signal}: ToolOptions = {},
): Promise<Outcome> {
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: {...process.env, ...env},
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const stop = () => child.kill('SIGTERM')
    signal?.addEventListener('abort', stop)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-20_000)
      })
    }
    let failure: NodeJS.ErrnoException | undefined
    child.on('error', (error) => {
      failure = error
    })
    child.on('close', (code) => {
      signal?.removeEventListener('abort', stop)
      if (signal?.aborted) reject(signal.reason)
      else if (failure && failure.code !== 'ENOENT') reject(failure)
      else resolve({succeeded: code === 0, missing: failure !== undefined, output})
    })
  })
}

/** The last line that was written: where a program failed, what it said of that. */
export function lastLine({output}: Outcome): string {
  return output.trim().split('\n').at(-1)?.trim() || 'it said nothing'
}

import {Readable, type Writable} from 'node:stream'
import {type Command, UsageError} from './command.js'
import {commands as allCommands} from './commands/index.js'
import {parse} from './parse.js'
import {explainUnnamedLog} from './unnamed-log.js'

/** What the command line needs of its process. */
export interface Streams {
  readonly stdout: Writable
  readonly stderr: Writable
  /** Default: nothing to read. */
  readonly stdin?: Readable
  /** Aborted to interrupt the command. */
  readonly signal?: AbortSignal
  /** The stack of an error is shown where DEBUG is set. */
  readonly debug?: boolean
  readonly commands?: readonly Command[]
}

/**
 * Runs one command line and returns the exit code: 0, 1 (the work failed) or 2 (wrong use).
 * Errors are one line on stderr. Never exits and never throws, so that tests call it as it is.
 *
 * @example
 * const code = await run(['plot', '--help'], {stdout: process.stdout, stderr: process.stderr})
 * //-> 0
 */
export async function run(
  argv: readonly string[],
  {
    stdout,
    stderr,
    stdin = Readable.from([]),
    signal = new AbortController().signal,
    debug = false,
    commands = allCommands,
  }: Streams,
): Promise<0 | 1 | 2> {
  try {
    const parsed = await parse(argv, commands)
    if ('text' in parsed) stdout.write(parsed.text)
    else {
      const {command, options} = parsed
      const context = {stdout, stderr, stdin, argv, signal}
      await command.run(options as never, context).catch((error: unknown) => {
        // the stack is that of the error itself
        throw debug ? error : explainUnnamedLog(error, command, options)
      })
    }
    return 0
  } catch (error) {
    const wrongUse = error instanceof UsageError
    stderr.write(`linear-regions: ${describeError(error, debug)}\n`)
    if (wrongUse) stderr.write(`see linear-regions ${helpFor(argv, commands)}\n`)
    return wrongUse ? 2 : 1
  }
}

function describeError(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return String(error)
  if (debug) return error.stack ?? error.message
  // names and paths may hold anything; the message stays one line that moves no cursor
  return error.message.trim().replaceAll(/\s*[\p{Cc}\u2028\u2029]+\s*/gu, ' ') || error.name
}

function helpFor(argv: readonly string[], commands: readonly Command[]): string {
  const command = commands.find(({name}) => name === argv[0])
  return command ? `${command.name} --help` : '--help'
}

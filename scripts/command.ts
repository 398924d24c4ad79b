import type {Readable, Writable} from 'node:stream'
import type {OptionTable, Values} from './option.js'

/** What a command is given besides its options: everything that a test wants to see or to replace. */
export interface Context {
  /** Results: tables, SQL rows, JSON, the paths of written files. */
  readonly stdout: Writable
  /** Everything else: progress, notes and warnings. */
  readonly stderr: Writable
  /** What a command asks for: SQL that is given as `-`, the answer to a question. */
  readonly stdin: Readable
  /** The words after `linear-regions`, as they were given; kept in the run's row. */
  readonly argv: readonly string[]
  /** Aborted by Ctrl-C. A command closes what it has open, marks its run as failed, and throws. */
  readonly signal: AbortSignal
}

/** One command of `linear-regions`, as the command line looks it up. */
export interface Command {
  readonly name: string
  /** One line, without a full stop, for the list of commands. */
  readonly summary: string
  readonly options: OptionTable
  /** Words that are not options, in their order, such as the action of `runs list`. */
  readonly words: OptionTable
  /** Command lines (without `linear-regions`) that work as they stand, each with what it does. */
  readonly examples: readonly (readonly [line: string, what: string])[]
  run(options: never, context: Context): Promise<void>
}

/**
 * Describes one command; the types of what `run` is given follow from the tables. The file of a
 * command imports what is heavy inside `run`, so that `--help` stays quick.
 *
 * `run` resolves when the command has done its work, throws a `UsageError` where the command line
 * is at fault, and any other error where the work failed.
 *
 * @example
 * export const hello = defineCommand({
 *   name: 'hello',
 *   summary: 'say hello',
 *   options: {name: withDefault(text('whom to greet'), 'world')},
 *   async run({name}, {stdout}) {
 *     stdout.write(`hello ${name}\n`)
 *   },
 * })
 */
export function defineCommand<
  const Options extends OptionTable,
  // biome-ignore lint/complexity/noBannedTypes: the type of a command without words
  const Words extends OptionTable = {},
>(command: {
  name: string
  summary: string
  options: Options
  words?: Words
  examples?: readonly (readonly [line: string, what: string])[]
  run(options: Values<Options> & Values<Words>, context: Context): Promise<void>
}): Command {
  return {words: {}, examples: [], ...command}
}

/** The command line is at fault, not the work: exit code 2 and a pointer to `--help`. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

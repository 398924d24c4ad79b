import yargs, {type Argv, type Options} from 'yargs'
import {type Command, UsageError} from './command.js'
import type {Option, OptionTable} from './option.js'
import {packageVersion} from './package-root.js'

/** What a command line asks for: a text to print (help, version), or a command with its options. */
export type Parsed = {text: string} | {command: Command; options: Record<string, unknown>}

/**
 * Reads a command line. Throws a `UsageError` of one line that names what is wrong with it.
 *
 * @example
 * await parse(['plot', '--figure', 'distance'], commands)
 * //-> {command: plot, options: {figure: 'distance', ...}}
 */
export async function parse(
  argv: readonly string[],
  commands: readonly Command[],
): Promise<Parsed> {
  let found: Command | undefined
  let printed = ''
  const completing = argv.includes(completionRequest)
  const parser = yargs()
    .scriptName('linear-regions')
    .locale('en')
    .usage('$0 <command> [options]')
    .exitProcess(false)
    // The words are turned into values by our own options, which know the option's name in errors.
    .parserConfiguration({'parse-numbers': false, 'parse-positional-numbers': false})
    .demandCommand(1, 'command: expected one of those that --help lists, got none')
    .strict()
    .fail(false)
    .version(packageVersion())
    .help()
    .group(['help', 'version'], 'Global options:')
    .describe({help: 'show this help', version: 'show the version'})
    .epilogue('Errors end with exit code 1, wrong use with 2. DEBUG=1 shows where they arose.')
    .wrap(80)
  for (const command of commands) {
    parser.command({
      command: pattern(command),
      describe: command.summary,
      builder: (one: Argv) => build(one, command, completing),
      handler: () => {
        found = command
      },
    })
  }
  let words: Record<string, unknown>
  try {
    words = await parser.parseAsync([...argv], {}, (_error, _words, output) => {
      printed = output
    })
  } catch (error) {
    const said =
      unknownCommand(argv, commands) ??
      missingWord(argv, commands, error as Error) ??
      (error as Error).message
    throw new UsageError(said)
  }
  if (found === undefined) return {text: `${printed}\n`}
  const given = (name: string) => {
    if (isEmptyList(words[name])) return undefined
    // What stands for standard input is taken by yargs for an option without a name.
    return words[name] === true ? '-' : words[name]
  }
  return {
    command: found,
    options: {
      ...readValues(found.options, (name) => words[name]),
      // Words that are not there are an empty list, which for an option means that it stood alone.
      ...readValues(found.words, given),
    },
  }
}

/** What the script that `completion` prints asks for, at each Tab. */
const completionRequest = '--get-yargs-completions'

function build(parser: Argv, command: Command, completing: boolean): Argv {
  // Only a completion is told the words: yargs' own complaint about others would fill a screen.
  const words = (option: Option<unknown>) =>
    completing && option.words ? {choices: option.words} : {}
  for (const [name, option] of Object.entries(command.words)) {
    const array = option.kind === 'list'
    parser.positional(name, {describe: option.describe, array, ...words(option)})
  }
  for (const [name, option] of Object.entries(command.options)) {
    parser.option(kebab(name), {...describeOption(option), ...words(option)})
  }
  for (const [line, what] of command.examples) parser.example(`$0 ${line}`, what)
  return parser.usage(`$0 ${pattern(command)} [options]\n\n${command.summary}`)
}

function describeOption(option: Option<unknown>): Options {
  return {
    describe: option.describe,
    ...(option.kind === 'flag' && {boolean: true}),
    ...(option.kind === 'list' && {array: true}),
    ...(option.required && {demandOption: true}),
    ...defaultText(option),
  }
}

function defaultText(option: Option<unknown>): {defaultDescription?: string} {
  if (option.fallbackText !== undefined) return {defaultDescription: option.fallbackText}
  if (option.fallback === undefined || option.fallback === false) return {}
  return {defaultDescription: [option.fallback].flat().join(' ')}
}

/**
 * A script for the user's shell (bash or zsh, by `SHELL`) that completes commands, options and the
 * words of a choice at each Tab.
 */
export async function completionScript(): Promise<string> {
  let printed = ''
  const parser = yargs().scriptName('linear-regions').locale('en').exitProcess(false)
  await parser.completion('completion', false).parseAsync(['completion'], {}, (...[, , output]) => {
    printed = output
  })
  return `${printed}\n`
}

function readValues(table: OptionTable, given: (name: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table).map(([name, option]) => [
      name,
      readValue(kebab(name), option, given(kebab(name))),
    ]),
  )
}

function readValue(name: string, option: Option<unknown>, given: unknown): unknown {
  const complaint = (got: string) =>
    new UsageError(`${name}: expected ${option.expected}, got ${got}`)
  if (given === undefined) return option.fallback
  if (option.kind === 'flag') {
    if (Array.isArray(given)) throw complaint('it more than once')
    return given
  }
  // `--name` alone is read as true, and as an empty list where a list is expected.
  const words = [given].flat().flatMap((word) => {
    if (word === true) return []
    return option.kind === 'list' ? String(word).split(',') : [String(word)]
  })
  if (words.length === 0) throw complaint('nothing')
  if (option.kind === 'value' && words.length > 1) throw complaint(words.join(' and '))
  const values = words.map((word) => {
    const read = option.parse(word)
    if (read === undefined) throw complaint(word === '' ? 'nothing' : `"${word}"`)
    return read
  })
  return option.kind === 'list' ? values : values[0]
}

/** yargs takes such a word for an argument that no command has, or offers the command most like it. */
function unknownCommand(
  [word]: readonly string[],
  commands: readonly Command[],
): string | undefined {
  if (word === undefined || word.startsWith('-')) return undefined
  const names = commands.map(({name}) => name)
  if (names.includes(word)) return undefined
  return `unknown command "${word}": expected one of ${names.join(', ')}`
}

/** yargs counts the words that it lacks, and does not name them. */
function missingWord(
  argv: readonly string[],
  commands: readonly Command[],
  {message}: Error,
): string | undefined {
  const [, got] = /^Not enough non-option arguments: got (\d+)/.exec(message) ?? []
  const words = Object.entries(commands.find(({name}) => name === argv[0])?.words ?? {})
  const [name, option] = words[Number(got)] ?? []
  return name && option && `${name}: expected ${option.expected}, got nothing`
}

const pattern = (command: Command) =>
  [command.name, ...Object.entries(command.words).map(placeholder)].join(' ')

function placeholder([name, option]: [string, Option<unknown>]): string {
  const word = option.kind === 'list' ? `${name}..` : name
  return option.required ? `<${word}>` : `[${word}]`
}

const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

const isEmptyList = (given: unknown) => Array.isArray(given) && given.length === 0

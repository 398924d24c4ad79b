import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {Readable} from 'node:stream'
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import type {Command} from '../../scripts/command.js'
import {commands} from '../../scripts/commands/index.js'
import type {Option} from '../../scripts/option.js'
import {relationNames} from '../../scripts/relations.js'
import {damaged, damages, smallLog} from '../storage/damage.js'
import {temporaryPath} from '../storage/sample.js'
import {runCaptured} from './capture.js'

/** The commands without their work: what is tested is how a command line is read. */
const idle: readonly Command[] = commands.map((command) => ({
  ...command,
  run: async () => undefined,
}))

const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (sign) => `-${sign.toLowerCase()}`)
const wordList = (option: Option<unknown>) => (option.words ? [...option.words] : ['runs.db', '7'])
/** What an option takes. */
const good = (option: Option<unknown>) =>
  wordList(option).filter((word) => option.parse(word) !== undefined)

/** Texts as people and machines get them wrong: numbers, quotes, controls, other scripts, long ones. */
const anyText = fc.oneof(
  fc.string({unit: 'grapheme', maxLength: 12}),
  fc.string({unit: 'binary', maxLength: 12}),
  fc.constantFrom('', ' ', '-', '--', '=', '0', '-1', '1e999', 'NaN', '__proto__', 'constructor'),
  fc.constantFrom('toString', 'a\nb', '\u001b[2J', '\u2028', '%s', '$HOME', "'; drop table runs"),
  fc.double().map(String),
  fc.string({minLength: 2000, maxLength: 3000}),
)

/** A word that yargs takes for a value and not for an option. */
const valueText = anyText.filter((text) => !text.startsWith('-'))

/** A command line that is right: the command, its words, and what it demands. */
function rightLine(command: Command): string[] {
  const words = Object.values(command.words).flatMap((word) =>
    word.required ? [good(word)[0] ?? 'select 1'] : [],
  )
  const demanded = Object.entries(command.options).flatMap(([name, option]) =>
    option.required ? [`--${kebab(name)}`, good(option)[0] ?? 'model.json'] : [],
  )
  return [command.name, ...words, ...demanded]
}

interface Wrong {
  readonly argv: readonly string[]
  /** What the complaint has to name. */
  readonly names: string
}

/** Command lines with one thing wrong with them. */
const wrongLine: fc.Arbitrary<Wrong> = fc.constantFrom(...idle).chain((command) => {
  const right = rightLine(command)
  const options = Object.entries(command.options).filter(
    // a switch that is given twice is on
    ([, {required, kind}]) => !required && kind !== 'flag',
  )
  const unknown = fc
    .stringMatching(/^[b-z]{5,9}x$/)
    .filter((name) => !(name in command.options) && !name.startsWith('no'))
    .map((name) => ({argv: [...right, `--${name}`], names: name}))
  if (options.length === 0) return unknown
  const faults = fc.constantFrom(...options).chain(([name, option]): fc.Arbitrary<Wrong> => {
    const given = `--${kebab(name)}`
    const bad = valueText
      .filter((text) => {
        const parts = option.kind === 'list' ? text.split(',') : [text]
        return parts.some((part) => option.parse(part) === undefined)
      })
      .map((text) => ({argv: [...right, `${given}=${text}`], names: kebab(name)}))
    const nothing = fc.constant({argv: [...right, given], names: kebab(name)})
    const twice = fc.constant({argv: [...right, given, 'a', given, 'b'], names: kebab(name)})
    // any text is good for some options
    const takesAll = option.parse('x') === 'x'
    return fc.oneof(nothing, ...(takesAll ? [] : [bad]), ...(option.kind === 'list' ? [] : [twice]))
  })
  return fc.oneof(unknown, faults)
})

/** One line that says what is wrong and one that says where to look; no stack. */
function checkComplaint(stderr: string, code: number): string {
  const [first = '', ...rest] = stderr.replace(/\n$/, '').split('\n')
  assert.match(first, /^linear-regions: ./)
  assert.not.match(stderr, /\n\s+at |node:internal|\bTypeError\b|undefined is not/)
  assert.not.match(stderr.replaceAll('\n', ''), /\p{Cc}/u)
  if (code === 2) assert.match(rest.join('\n'), /^see linear-regions [\w ]*--help$/)
  else assert.equal(rest, [])
  return first
}

/** Command lines that are wrong end with code 2 and name what is wrong. */
export async function wrongCommandLines(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(wrongLine, async ({argv, names}) => {
      const {code, stdout, stderr} = await runCaptured(argv, {commands: idle})
      assert.is(code, 2, argv.join(' '))
      assert.is(stdout, '')
      assert.ok(checkComplaint(stderr, code).includes(names), `${argv.join(' ')}: ${stderr}`)
    }),
    {numRuns},
  )
}

const anyWord = fc.oneof(
  {weight: 3, arbitrary: fc.constantFrom(...commands.map(({name}) => name))},
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...commands.flatMap(({options}) => Object.keys(options).map((name) => `--${kebab(name)}`)),
    ),
  },
  {weight: 1, arbitrary: fc.constantFrom('--help', '--version', '-h', '-', '--', '--no-json')},
  {weight: 4, arbitrary: anyText},
  {weight: 1, arbitrary: anyText.map((text) => `--${text}`)},
)

/** Whatever words: help or work (0), or a complaint (2); never anything else. */
export async function anyCommandLines(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(anyWord, {maxLength: 7}), async (argv) => {
      const {code, stderr} = await runCaptured(argv, {commands: idle})
      if (code === 0) assert.is(stderr, '')
      else {
        assert.is(code, 2, JSON.stringify(argv))
        checkComplaint(stderr, code)
      }
    }),
    {numRuns},
  )
}

const sqlWord = fc.oneof(
  fc.constantFrom(...relationNames, 'sqlite_master', 'nowhere', '"runs"', '[runs]', '`runs`'),
  fc.constantFrom('id', 'name', 'step', 'epoch', 'run_id', 'distance', 'config', 'colour', '*'),
  fc.constantFrom(
    ...'select from where group by order limit join using on as with values'.split(' '),
  ),
  fc.constantFrom(...'and or not in is null like between case when then end distinct'.split(' ')),
  fc.constantFrom(...'count max json_extract abs zeroblob printf char load_extension'.split(' ')),
  fc.constantFrom(...'( ) ( ) , , . ; = < > || + - -> ->> % ? :a @b $c'.split(' ')),
  fc.constantFrom(...'insert update delete drop create vacuum attach pragma begin into'.split(' ')),
  fc.constantFrom(
    "'a'",
    "'it''s'",
    "'",
    '"',
    '/*',
    '*/',
    '--',
    "x'00ff'",
    '9e999',
    '-1',
    '0',
    '1.5',
  ),
  fc.double().map(String),
  anyText,
)

/** Statements of random words, most of them with a beginning that SQLite takes. */
const randomSql = fc
  .tuple(
    fc.oneof(
      {weight: 6, arbitrary: fc.constant(['select'])},
      {weight: 2, arbitrary: fc.constantFrom(['select', '*', 'from'], ['with', 'a', 'as', '('])},
      {weight: 1, arbitrary: fc.constantFrom(['pragma'], ['explain'], ['values', '('])},
      {weight: 1, arbitrary: fc.constant([])},
    ),
    fc.array(sqlWord, {maxLength: 9}),
  )
  .map(([begin, rest]) => [...begin, ...rest].join(' '))

/** Random words alone are understood about once in a hundred times: too seldom to count on. */
const sqlText = fc.oneof(
  {weight: 6, arbitrary: randomSql},
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'select 1',
      'select * from runs',
      'select name, count(*) from runs group by name',
      'with a as (select 9e999 as x) select x from a',
      'values (1, null)',
    ),
  },
)

/** Whatever SQL: an answer, or a complaint that begins with `sql:`; the log stays as it is. */
export async function anySql(numRuns: number): Promise<void> {
  const path = await smallLog()
  const before = readFileSync(path)
  const here = readdirSync('.')
  let answered = 0
  await fc.assert(
    fc.asyncProperty(sqlText, fc.constantFrom('table', 'csv', 'json'), async (sql, format) => {
      const argv = ['query', '-', '--database', path, '--format', format]
      const stdin = Readable.from([sql])
      const {code, stdout, stderr} = await runCaptured(argv, {stdin})
      if (code === 0) {
        answered++
        assert.is(stderr, '')
        if (format === 'json') JSON.parse(stdout)
      } else {
        assert.is(code, 2, `${sql}\n${stderr}`)
        assert.match(checkComplaint(stderr, code), /^linear-regions: sql: ./)
        if (format === 'table') assert.is(stdout, '')
      }
    }),
    {numRuns},
  )
  assert.ok(answered > numRuns / 50, `${answered} of ${numRuns} were understood`)
  assert.ok(readFileSync(path).equals(before))
  assert.equal(readdirSync(dirname(path)), ['runs.db'])
  assert.equal(readdirSync('.'), here)
}

/** Damaged files: each command answers, or complains in one line; no half-written file is left. */
export async function damagedLogs(numRuns: number): Promise<void> {
  const whole = await smallLog()
  const lines = [
    ['runs', 'list'],
    ['runs', 'show', 'sample'],
    ['query', 'select count(distance) from distances join points using (snapshot_id, point)'],
    ['export', 'bounds', '--out', 'OUT'],
    ['findings'],
    ['watch', '--once'],
    ['report', '--out', 'OUT'],
  ]
  await fc.assert(
    fc.asyncProperty(damages, async (all) => {
      const path = temporaryPath()
      const bytes = damaged(readFileSync(whole), all)
      writeFileSync(path, bytes)
      const out = join(dirname(path), 'out')
      for (const line of lines) {
        const argv = [...line.map((word) => (word === 'OUT' ? out : word)), '--database', path]
        const {code, stderr} = await runCaptured(argv)
        // a damaged name of a table or column is found by SQLite as it reads the statement
        if (code !== 0) checkComplaint(stderr, code)
        const files = readdirSync(dirname(path)).filter((name) => name !== 'runs.db')
        assert.ok(
          files.every((name) => name === 'out'),
          files.join(),
        )
        if (code !== 0)
          assert.equal(
            files,
            files.filter(() => line.includes('OUT') === false),
          )
      }
      assert.ok(readFileSync(path).equals(bytes))
    }),
    {numRuns},
  )
}

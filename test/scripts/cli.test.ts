import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type Command, defineCommand, UsageError} from '../../scripts/command.js'
import {
  choice,
  flag,
  list,
  positive,
  required,
  text,
  whole,
  withDefault,
} from '../../scripts/option.js'
import {packageVersion} from '../../scripts/package-root.js'
import {runCaptured} from './capture.js'

const echo = defineCommand({
  name: 'echo',
  summary: 'print the options as JSON',
  words: {action: choice('what to do', ['list', 'show']), ids: list(text('runs'))},
  options: {
    points: withDefault(whole('points per group'), 128),
    seed: withDefault(whole('seed', {least: 0}), 1),
    radii: list(positive('radii')),
    trainSize: whole('training images'),
    colour: choice('colour', ['red', 'blue']),
    force: flag('write over what is there'),
    progress: flag('show progress', true),
  },
  examples: [['echo list', 'prints the defaults']],
  async run(options, {stdout}) {
    stdout.write(JSON.stringify(options))
  },
})

const needy = defineCommand({
  name: 'needy',
  summary: 'fail without a model',
  options: {model: required(list(text('saved models')))},
  async run({model}, {stdout}) {
    stdout.write(model.join('|'))
  },
})

const wordy = defineCommand({
  name: 'wordy',
  summary: 'print a word',
  words: {action: required(choice('what to do', ['list', 'show'])), where: text('where to')},
  options: {},
  async run({action, where}, {stdout}) {
    stdout.write(`${action} ${where}`)
  },
})

const failing = (name: string, error: unknown): Command =>
  defineCommand({
    name,
    summary: 'throw',
    options: {},
    run: () => Promise.reject(error),
  })

const commands = [
  echo,
  needy,
  wordy,
  failing('broken', new Error('disk full:\n  no room')),
  failing('hostile', new Error('run: got "a\u001b[2J\r\n\u2028b"')),
  failing('misused', new UsageError('epochs: expected more')),
]
const test = suite('cli')

async function options(line: string): Promise<Record<string, unknown>> {
  const {code, stdout, stderr} = await runCaptured(line.split(' '), {commands})
  assert.is(stderr, '')
  assert.is(code, 0)
  return JSON.parse(stdout)
}

async function complaint(line: string): Promise<string> {
  const argv = line === '' ? [] : line.split(' ')
  const {code, stdout, stderr} = await runCaptured(argv, {commands})
  assert.is(code, 2)
  assert.is(stdout, '')
  const [first, second, ...rest] = stderr.split('\n')
  assert.equal(rest, [''])
  assert.match(second!, /^see linear-regions .*--help$/)
  return first!.replace('linear-regions: ', '')
}

test('options that are not named have their defaults', async () => {
  assert.equal(await options('echo'), {points: 128, seed: 1, force: false, progress: true})
})

test('words become values of the declared type', async () => {
  assert.equal(
    await options(
      'echo show a b --points 7 --train-size=60 --radii 0.1,1e-3 --radii .5 --colour red --force --no-progress',
    ),
    {
      points: 7,
      seed: 1,
      radii: [0.1, 0.001, 0.5],
      trainSize: 60,
      colour: 'red',
      force: true,
      progress: false,
      action: 'show',
      ids: ['a', 'b'],
    },
  )
  assert.is((await runCaptured(['needy', '--model', 'a', 'b'], {commands})).stdout, 'a|b')
})

test('a dash is a word', async () => {
  assert.is((await runCaptured(['wordy', 'list', '-'], {commands})).stdout, 'list -')
})

test('a shell can ask for completions of commands, options and choices', async () => {
  const complete = async (...line: string[]) => {
    const argv = ['--get-yargs-completions', 'linear-regions', ...line]
    const {code, stdout} = await runCaptured(argv, {commands})
    assert.is(code, 0)
    return stdout.trim().split('\n')
  }
  assert.equal((await complete('')).slice(0, 3), ['echo', 'needy', 'wordy'])
  assert.ok((await complete('echo', '--')).includes('--train-size'))
  assert.equal(await complete('echo', '--colour', ''), ['red', 'blue'])
  assert.ok((await complete('echo', '')).includes('list'))
})

test('a wrong value is refused in one line that names the option and the value', async () => {
  const wholeNumber = 'expected a whole number of at least 1'
  assert.is(await complaint('echo --points 0'), `points: ${wholeNumber}, got "0"`)
  assert.is(await complaint('echo --points -3'), `points: ${wholeNumber}, got "-3"`)
  assert.is(await complaint('echo --points 1.5'), `points: ${wholeNumber}, got "1.5"`)
  assert.is(await complaint('echo --points 0x10'), `points: ${wholeNumber}, got "0x10"`)
  assert.is(await complaint('echo --points many'), `points: ${wholeNumber}, got "many"`)
  assert.is(await complaint('echo --points'), `points: ${wholeNumber}, got nothing`)
  assert.is(await complaint('echo --points 1 --points 2'), `points: ${wholeNumber}, got 1 and 2`)
  assert.is(await complaint('echo --train-size= '), `train-size: ${wholeNumber}, got nothing`)
  assert.is(await complaint('echo --radii 0.1,0'), 'radii: expected a number above 0, got "0"')
  assert.is(await complaint('echo --radii NaN'), 'radii: expected a number above 0, got "NaN"')
  assert.is(
    await complaint('echo --colour green'),
    'colour: expected one of red, blue, got "green"',
  )
  assert.is(await complaint('echo dance'), 'action: expected one of list, show, got "dance"')
})

test('unknown and missing words are refused', async () => {
  assert.match(await complaint('echo --pionts 3'), 'Unknown argument: pionts')
  assert.match(await complaint('needy'), 'Missing required argument: model')
  assert.match(await complaint('needy --model'), 'model: expected a text, got nothing')
  const known = 'expected one of echo, needy, wordy, broken, hostile, misused'
  assert.is(await complaint('ech'), `unknown command "ech": ${known}`)
  assert.is(
    await complaint('nothing-like-it --points 3'),
    `unknown command "nothing-like-it": ${known}`,
  )
  assert.is(await complaint(' '), `unknown command "": ${known}`)
  assert.is(await complaint('wordy'), 'action: expected one of list, show, got nothing')
  assert.match(await complaint(''), 'command: expected one of those that --help lists, got none')
})

test('a failure is one line and exit code 1; the stack only where asked for', async () => {
  const quiet = await runCaptured(['broken'], {commands})
  assert.equal(quiet, {code: 1, stdout: '', stderr: 'linear-regions: disk full: no room\n'})
  const debug = await runCaptured(['broken'], {commands, debug: true})
  assert.is(debug.code, 1)
  assert.match(debug.stderr, /disk full[\s\S]*at .*cli\.test/)
})

test('what is quoted in an error moves no cursor', async () => {
  const {stderr} = await runCaptured(['hostile'], {commands})
  assert.is(stderr, 'linear-regions: run: got "a [2J b"\n')
})

test('a usage error thrown by a command is wrong use', async () => {
  assert.is(await complaint('misused'), 'epochs: expected more')
})

test('help fits 80 columns, goes to stdout, and has no colours', async () => {
  for (const argv of [['--help'], ['echo', '--help']]) {
    const {code, stdout, stderr} = await runCaptured(argv, {commands})
    assert.is(code, 0)
    assert.is(stderr, '')
    assert.ok(stdout.split('\n').every((line) => line.length <= 80))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape is what is looked for
    assert.not.match(stdout, /\u001b/)
  }
  const {stdout} = await runCaptured(['echo', '--help'], {commands})
  assert.match(stdout, /--points +points per group +\[default: 128\]/)
  assert.match(stdout, /--train-size/)
  assert.match(stdout, /linear-regions echo \[action\] \[ids\.\.\] \[options\]/)
})

test('the version is the package version', async () => {
  assert.equal(await runCaptured(['--version'], {commands}), {
    code: 0,
    stdout: `${packageVersion()}\n`,
    stderr: '',
  })
})

test.run()

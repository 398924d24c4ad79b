import {readFileSync} from 'node:fs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import * as root from '../../index.js'
import {commands} from '../../scripts/commands/index.js'
import {codeWords, tableAfter} from '../support/markdown.js'

const test = suite('tables of the README')

/** The first word in backticks of each row. */
const listed = (heading: string) =>
  tableAfter('README.md', heading).map(([cell = '']) => codeWords(cell)[0])

test('has every command, in their order', () => {
  assert.equal(
    listed('| command | what it does |'),
    commands.map(({name}) => name),
  )
})

test('has every function that the package offers', () => {
  const isFunction = (value: unknown) =>
    typeof value === 'function' && !(value.prototype instanceof Error)
  const functions = Object.entries(root).filter(([, value]) => isFunction(value))
  assert.equal(
    listed('| function | what it gives |').toSorted(),
    functions.map(([name]) => name).toSorted(),
  )
})

test('has every option of the monitor, in their order', () => {
  const source = readFileSync('callbacks/monitor-options.ts', 'utf8')
  const [, body = ''] = /export interface MonitorOptions \{\n([\s\S]*?)\n\}/.exec(source) ?? []
  const options = [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map((match) => match[1])
  assert.ok(options.length > 10)
  assert.equal(listed('| option | default |'), options)
})

test.run()

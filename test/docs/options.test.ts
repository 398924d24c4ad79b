import {readFileSync} from 'node:fs'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {codeWords, tableAfter} from '../support/markdown.js'

test('the table of the README has every option of the monitor, in their order', () => {
  const source = readFileSync('callbacks/options.ts', 'utf8')
  const [, body = ''] = /export interface MonitorOptions \{\n([\s\S]*?)\n\}/.exec(source) ?? []
  const options = [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map((match) => match[1])
  const listed = tableAfter('README.md', '| option | default |').map(([cell = '']) => {
    return codeWords(cell)[0]
  })
  assert.ok(options.length > 10)
  assert.equal(listed, options)
})

test.run()

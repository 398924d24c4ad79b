import {existsSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {commands} from '../../scripts/commands/index.js'
import {parse} from '../../scripts/parse.js'
import {blocksIn, codeWords, pages} from '../support/markdown.js'

const test = suite('what the pages refer to')

const {scripts} = JSON.parse(readFileSync('package.json', 'utf8'))
const commandNames = commands.map(({name}) => name)

/** As GitHub makes them of headings. */
function anchorsOf(file: string): string[] {
  const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

for (const page of pages()) {
  const text = readFileSync(page, 'utf8')
  const prose = text.replaceAll(/```[\s\S]*?```/g, '')

  test(`${page}: links lead somewhere`, () => {
    for (const [, target = ''] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? page : join(dirname(page), path)
      assert.ok(existsSync(file), `${target} is not there`)
      if (anchor !== undefined) assert.ok(anchorsOf(file).includes(anchor), `no ${target}`)
    }
  })

  test(`${page}: files are where it says`, () => {
    const paths = codeWords(prose).filter((word) =>
      /^(src|callbacks|storage|scripts|test|docs|data)\/[\w./-]*$/.test(word),
    )
    for (const path of paths) assert.ok(existsSync(path), `${path} is not there`)
  })
}

/** Command lines of this project: the words after `linear-regions`, and where they stand. */
const lines = blocksIn('sh')
  .map(({file, text}) => ({file, text}))
  .concat(pages().map((file) => ({file, text: codeWords(readFileSync(file, 'utf8')).join('\n')})))
  .flatMap(({file, text}) =>
    text
      .replaceAll('\\\n', ' ')
      .split(/\n|&&/)
      .map((line) => ({file, words: wordsOf(line.trim())})),
  )
  .filter(({words}) => words !== undefined)

/** The arguments of a command line, or undefined where it is none of `linear-regions`. */
function wordsOf(line: string): string[] | undefined {
  const [, script, rest = ''] = /^npm run (\w[\w:]*)(?: -- (.*))?$/.exec(line) ?? []
  const [, direct] = /^npx linear-regions (.*)$/.exec(line) ?? []
  if (script !== undefined) {
    assert.ok(scripts[script], `npm run ${script} is no script of package.json`)
    return commandNames.includes(script) ? [script, ...split(rest)] : undefined
  }
  return direct === undefined ? undefined : split(direct)
}

/** As a shell does it, quotes included. */
function split(line: string): string[] {
  const words = line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)
  return [...words].map(([, single, double, plain]) => single ?? double ?? plain ?? '')
}

test('command lines are such as the commands take', async () => {
  assert.ok(lines.length > 3)
  for (const {file, words} of lines) {
    await parse(words!, commands).catch((error) => {
      throw new Error(`${file}: linear-regions ${words!.join(' ')}: ${error.message}`)
    })
  }
})

test.run()

import {spawnSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {allExamples, writeExamples} from '../support/examples.js'
import {temporaryFolder} from '../support/folder.js'
import {tool} from '../support/packed.js'

const folder = join(temporaryFolder(), 'examples')
const examples = allExamples()
const files = writeExamples(folder, examples)

const types = suite('examples are TypeScript that fits the package')

const checked = spawnSync(tool('tsc'), ['-p', 'tsconfig.json'], {cwd: folder, encoding: 'utf8'})
const errors = checked.stdout.split('\n').filter((line) => line.includes('error TS'))

types('in a project that is set up as it should be', () => {
  const others = errors.filter((line) => !files.some((file) => line.startsWith(`${file}.ts`)))
  assert.equal(others, [])
})

examples.forEach(({place}, index) => {
  types(place, () => {
    assert.equal(
      errors.filter((line) => line.startsWith(`${files[index]}.ts`)),
      [],
    )
  })
})

types.run()

const running = suite('examples run')

/** Runs one after the other in a process of its own, and tells what each of them threw. */
const runner = `
const thrown = {}
for (const file of ${JSON.stringify(files)}) {
  try {
    await import('./' + file + '.ts')
  } catch (error) {
    thrown[file] = error.name + ': ' + error.message
  }
}
process.stdout.write('\\n' + JSON.stringify(thrown))
process.exit()
`
writeFileSync(join(folder, 'run-all.js'), runner)
const {stdout, stderr} = spawnSync(
  process.execPath,
  ['--import', import.meta.resolve('tsx'), 'run-all.js'],
  {cwd: folder, encoding: 'utf8', env: {...process.env, TSX_TSCONFIG_PATH: 'tsconfig.json'}},
)
const last = stdout.split('\n').at(-1)!

running('all of them to the end', () => {
  assert.ok(last.startsWith('{'), `${stdout}\n${stderr}`)
})

examples.forEach(({place, code}, index) => {
  running(place, () => {
    const thrown: string | undefined = JSON.parse(last)[files[index]!]
    const [, announced] = /^\/\/-> (\w*Error: .*)$/m.exec(code) ?? []
    assert.is(thrown, announced)
  })
})

running.run()

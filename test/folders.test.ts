import {readdirSync, readFileSync} from 'node:fs'
import {isBuiltin} from 'node:module'
import {join} from 'node:path'
import {test} from 'uvu'
import * as assert from 'uvu/assert'

// imports go one way: scripts -> callbacks -> storage and src
const mayUse: Record<string, readonly string[]> = {
  src: ['src'],
  storage: ['storage'],
  callbacks: ['callbacks', 'storage', 'src'],
  scripts: ['scripts', 'callbacks', 'storage', 'src'],
}

interface Import {
  readonly file: string
  readonly specifier: string
}

function importsOf(folder: string): Import[] {
  const files = readdirSync(folder, {recursive: true, encoding: 'utf8'})
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((name) => {
      const file = join(folder, name)
      const matches = readFileSync(file, 'utf8').matchAll(
        /^(?:import|export|\} from)\b[^'\n]*'([^'\n]+)'|\bimport\('([^']+)'\)/gm,
      )
      return [...matches].map((match) => ({file, specifier: (match[1] ?? match[2])!}))
    })
}

const isTensorFlow = (specifier: string) => specifier.startsWith('@tensorflow/')

for (const [folder, allowed] of Object.entries(mayUse)) {
  test(`${folder} imports only from ${allowed.join(', ')}`, () => {
    const imports = importsOf(folder)
    assert.ok(imports.length > 0)
    for (const {file, specifier} of imports) {
      if (!specifier.startsWith('.')) continue
      const [top = ''] = join(file, '..', specifier).split('/')
      assert.ok(allowed.includes(top), `${file} imports ${specifier}`)
    }
  })
}

test('src runs in a browser: it imports nothing of Node', () => {
  for (const {file, specifier} of importsOf('src'))
    assert.not.ok(isBuiltin(specifier), `${file} imports ${specifier}`)
})

test('storage knows no tensors', () => {
  for (const {file, specifier} of importsOf('storage'))
    assert.not.ok(isTensorFlow(specifier), `${file} imports ${specifier}`)
})

test.run()

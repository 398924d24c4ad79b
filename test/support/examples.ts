import {mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import * as callbacks from '../../callbacks/index.js'
import * as root from '../../index.js'
import * as measurements from '../../src/index.js'
import * as storage from '../../storage/index.js'
import {blocksIn} from './markdown.js'

const project = resolve(import.meta.dirname, '../..')

/** A piece of TypeScript that readers are shown. */
export interface Example {
  /** Where it stands, `README.md:40`. */
  readonly place: string
  readonly code: string
}

/** What a package entry offers, and whether it is there at run time. */
interface Offer {
  readonly name: string
  readonly entry: string
  readonly isValue: boolean
}

const entries = [
  {entry: 'tfjs-linear-regions', file: 'index.ts', values: root},
  {entry: 'tfjs-linear-regions/measurements', file: 'src/index.ts', values: measurements},
  {entry: 'tfjs-linear-regions/callbacks', file: 'callbacks/index.ts', values: callbacks},
  {entry: 'tfjs-linear-regions/storage', file: 'storage/index.ts', values: storage},
] as const

const offers: readonly Offer[] = entries.flatMap(({entry, file, values}) =>
  [...readFileSync(join(project, file), 'utf8').matchAll(/\{([^}]*)\}/g)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.replace('type ', '').trim())
    .filter((name) => name !== '')
    .map((name) => ({name, entry, isValue: name in values})),
)

/** The snippets of all pages, and the examples in the comments of what the package offers. */
export function allExamples(): Example[] {
  const snippets = blocksIn('ts').map(({file, line, text}) => ({
    place: `${file}:${line}`,
    code: text,
  }))
  return [...snippets, ...['src', 'callbacks', 'storage'].flatMap(commentedExamples)]
}

function commentedExamples(folder: string): Example[] {
  const files = readdirSync(join(project, folder), {recursive: true, encoding: 'utf8'})
  return files
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const file = join(folder, name)
      const text = readFileSync(join(project, file), 'utf8')
      const comments = text.matchAll(/\/\*\*\n([\s\S]*?)\*\/\nexport (?:async )?\w+ (\w+)/g)
      return [...comments]
        .filter(([, , name]) => offers.some((offer) => offer.name === name))
        .flatMap(({1: comment = '', index}) => examplesIn(comment, file, text.slice(0, index)))
    })
}

function examplesIn(comment: string, file: string, before: string): Example[] {
  const lines = comment.replaceAll(/^ ?\* ?/gm, '').replaceAll(/^ {2}\* ?/gm, '')
  const start = before.split('\n').length
  return [...lines.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
    place: `${file}:${start + 1 + lines.slice(0, match.index).split('\n').length}`,
    code: match[1]!,
  }))
}

/**
 * Writes the examples to a folder, where the package's name stands for this checkout. One that imports is a
 * whole program; any other is given what it mentions of the package and of `fixtures/prelude.ts`.
 *
 * @returns names of the files without `.ts`, in the order of the examples
 */
export function writeExamples(folder: string, examples: readonly Example[]): string[] {
  mkdirSync(folder, {recursive: true})
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}')
  const prelude = readFileSync(join(import.meta.dirname, 'fixtures/prelude.ts'), 'utf8')
  writeFileSync(join(folder, 'prelude.ts'), prelude)
  const given = [...prelude.matchAll(/^export const (\w+)/gm)].map((match) => match[1]!)
  const {compilerOptions} = JSON.parse(readFileSync(join(project, 'tsconfig.json'), 'utf8'))
  const {rootDir: _, outDir: __, ...options} = compilerOptions
  const paths = Object.fromEntries(entries.map(({entry, file}) => [entry, [join(project, file)]]))
  const declarations = ['src', 'callbacks'].map((name) => join(project, name, '**/*.d.ts'))
  const config = {compilerOptions: {...options, paths}, include: ['*.ts', ...declarations]}
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  return examples.map(({place, code}) => {
    const name = place.replaceAll(/[^\w]+/g, '-')
    const isProgram = /^import /m.test(code)
    const head = isProgram ? '' : importsFor(code, ['tf', ...given])
    writeFileSync(join(folder, `${name}.ts`), `${head}${code}\nexport {}\n`)
    return name
  })
}

/** One line of imports, so that the line of an error can be told. */
function importsFor(code: string, given: readonly string[]): string {
  const declared = declaredIn(code)
  const mentions = (name: string) =>
    new RegExp(`(?<![.\\w'-])${name}(?![\\w'-])`).test(code) && !declared.includes(name)
  const names = new Map<string, string[]>()
  const take = (from: string, name: string) => names.set(from, [...(names.get(from) ?? []), name])
  for (const name of given.filter(mentions)) take('./prelude.js', name)
  const taken = new Set<string>()
  for (const {name, entry, isValue} of offers) {
    if (!mentions(name) || taken.has(name)) continue
    taken.add(name)
    take(entry, isValue ? name : `type ${name}`)
  }
  return [...names].map(([from, all]) => `import {${all.join(', ')}} from '${from}';`).join(' ')
}

/** Names that an example declares itself, `{given: own}` as `own`. */
function declaredIn(code: string): string[] {
  const declarations = code.matchAll(/\b(?:const|let|class|function|type) (?:(\w+)|\{([^}]*)\})/g)
  return [...declarations].flatMap(([, name, parts = '']) =>
    name ? [name] : parts.split(',').map((part) => part.split(':').at(-1)!.trim()),
  )
}

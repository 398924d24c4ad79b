import {readdirSync} from 'node:fs'
import {join, relative, sep} from 'node:path'
import {parseArgs} from 'node:util'
import {type FileResult, killRunning, runFile} from './support/run-file.js'

const usage = `npm test -- [pattern...]        the files of test/ whose path contains a pattern; all by default
  --long                        the *.long.ts files too
  --limit SECONDS               time limit of a file (default 120; 900 for *.long.ts)
  --folder FOLDER               where the files are (default test)`

const {values: options, positionals: patterns} = parseArgs({
  allowPositionals: true,
  options: {
    long: {type: 'boolean', default: false},
    limit: {type: 'string'},
    folder: {type: 'string', default: 'test'},
    help: {type: 'boolean', default: false},
  },
})

if (options.help) {
  console.log(usage)
  process.exit(0)
}

const limit = options.limit === undefined ? undefined : Number(options.limit)
if (limit !== undefined && !(limit > 0)) {
  console.log(`--limit: expected a number of seconds above 0, got ${JSON.stringify(options.limit)}`)
  process.exit(1)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    killRunning()
    process.exit(1)
  })
}

const all = listFiles(options.folder, options.long)
const chosen = all.filter(
  (file) => !patterns.length || patterns.some((text) => file.includes(text)),
)
const unmatched = patterns.filter((text) => !all.some((file) => file.includes(text)))
for (const text of unmatched)
  console.log(`FAIL no test file has ${JSON.stringify(text)} in its path`)
if (!all.length) console.log(`FAIL no test file in ${options.folder}`)

const results = await runAll(chosen, 2)
const count = (key: 'passed' | 'failed' | 'skipped') =>
  results.reduce((sum, result) => sum + result[key], 0)
const failed = count('failed') + (all.length ? unmatched.length : 1)
if (count('skipped')) console.log(`\n${count('skipped')} skipped`)
console.log(`\n${count('passed')} passed, ${failed} failed`)
process.exitCode = failed ? 1 : 0

function listFiles(folder: string, long: boolean): string[] {
  const ending = long ? /\.(test|long)\.ts$/ : /\.test\.ts$/
  return readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter((file) => ending.test(file) && !file.split(sep).includes('fixtures'))
    .map((file) => relative('', join(folder, file)).replaceAll(sep, '/'))
    .sort()
}

async function runAll(files: readonly string[], atOnce: number): Promise<FileResult[]> {
  const queue = files.values()
  const done: FileResult[] = []
  const worker = async () => {
    for (const file of queue) {
      const result = await runFile(file, limit ?? (file.endsWith('.long.ts') ? 900 : 120))
      done.push(result)
      print(result)
    }
  }
  await Promise.all(Array.from({length: atOnce}, worker))
  return done
}

function print({file, passed, failed, skipped, seconds, output, problem}: FileResult): void {
  const counts = `${passed}/${passed + failed}${skipped ? `, ${skipped} skipped` : ''}`
  console.log(`${failed ? 'FAIL' : 'ok  '} ${file}  ${counts}  ${seconds.toFixed(1)} s`)
  if (failed) console.log(output.replace(/^/gm, '     '))
  // a passing file is quiet, but says what it left out
  else for (const notice of output.match(/^\*\*\* .*$/gm) ?? []) console.log(`     ${notice}`)
  if (problem) console.log(`     ${file} ${problem}`)
}

import {spawn} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {stripVTControlCharacters} from 'node:util'

/** What one test file did. `problem` says in words what its counts cannot: it hung, crashed, or ran nothing. */
export interface FileResult {
  readonly file: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly seconds: number
  readonly output: string
  readonly problem: string | undefined
}

const running = new Set<number>()

/** Kills the test files that are still running, with the processes they started. */
export function killRunning(): void {
  for (const group of running) killGroup(group)
}

// each file leads a process group of its own, so that what it started ends with it
function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // it has ended meanwhile
  }
}

/** Runs one uvu file in a process of its own and counts its tests; killed after `limit` seconds. */
export async function runFile(file: string, limit: number): Promise<FileResult> {
  const started = performance.now()
  const mistake = mistakeInSource(readFileSync(file, 'utf8'))
  const run = mistake ? {output: '', exitCode: 0, timedOut: false} : await execute(file, limit)
  const seconds = (performance.now() - started) / 1000
  const counts = readSummary(run.output)
  const problem = mistake ?? problemOf(run, counts, limit)
  const unpassed = counts.total - counts.passed
  return {
    file,
    passed: counts.passed,
    failed: problem ? Math.max(1, unpassed) : unpassed,
    skipped: counts.skipped,
    seconds,
    output: run.output,
    problem,
  }
}

/** uvu exits with 0 for a suite whose `.run()` is forgotten, and for one narrowed by a forgotten `.only`. */
function mistakeInSource(source: string): string | undefined {
  const suites = [...source.matchAll(/\b(\w+) = suite\b/g)].map((match) => match[1])
  if (/import \{[^}]*\btest\b[^}]*\} from 'uvu'/.test(source)) suites.push('test')
  if (!source.includes('.run()')) return 'has no .run(): none of its tests would be executed'
  const forgotten = suites.find((name) => !source.includes(`${name}.run()`))
  if (forgotten) return `has no ${forgotten}.run(): its tests would not be executed`
  if (process.env.CI && /\.only\(/.test(source)) return 'has an .only(: other tests are left out'
}

interface Execution {
  readonly output: string
  readonly exitCode: number | null
  readonly timedOut: boolean
}

function execute(file: string, limit: number): Promise<Execution> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    child.on('error', reject)
    const group = child.pid
    if (group === undefined) return
    running.add(group)
    let output = ''
    let timedOut = false
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    const timer = setTimeout(() => {
      timedOut = true
      killGroup(group)
    }, limit * 1000)
    child.on('close', (exitCode) => {
      clearTimeout(timer)
      running.delete(group)
      resolve({output: stripVTControlCharacters(output), exitCode, timedOut})
    })
  })
}

interface Summary {
  readonly found: boolean
  readonly total: number
  readonly passed: number
  readonly skipped: number
}

function readSummary(output: string): Summary {
  const pattern = /^ {2}Total: +(\d+)\n {2}Passed: +(\d+)\n {2}Skipped: +(\d+)$/gm
  const last = [...output.matchAll(pattern)].at(-1)
  const [total = 0, passed = 0, skipped = 0] = (last?.slice(1) ?? []).map(Number)
  return {found: last !== undefined, total, passed, skipped}
}

function problemOf(run: Execution, counts: Summary, limit: number): string | undefined {
  if (run.timedOut && counts.found) {
    return `its tests ended but the process did not within ${limit} s: an open handle or a child process`
  }
  if (run.timedOut) return `did not end within ${limit} s and was killed`
  if (!counts.found) return `ended without a summary (exit code ${run.exitCode}): it crashed`
  if (counts.total === 0 && counts.skipped === 0) return 'executed no test'
  const quiet = counts.passed === counts.total
  if (quiet && run.exitCode !== 0) return `exit code ${run.exitCode} although its tests passed`
  // uvu swallows what a before, after or after.each hook throws
  if (!quiet && run.exitCode === 0) return 'a hook (before, after, each) threw: tests were left out'
}

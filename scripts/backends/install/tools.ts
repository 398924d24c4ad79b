import {lastLine, runTool} from './run-tool.js'

/** The programs that an installation runs. */
export interface Tools {
  /** What they are, in words. */
  readonly described: string
  readonly compiler: string
}

const compilers = ['g++', 'c++', 'clang++']

/**
 * Finds what the addon is built with: Python 3, npm, make and a C++ compiler (`CXX` first).
 *
 * @throws for the first that is not there; the message says how to have it
 */
export async function findTools(signal: AbortSignal): Promise<Tools> {
  const python = await version('python3', signal)
  if (python === undefined) throw missing('python3', 'Python 3', 'python3 python3-pip')
  const npm = await version('npm', signal)
  if (npm === undefined) throw new Error('npm: expected it on the PATH; it comes with Node')
  const make = await version('make', signal)
  if (make === undefined) throw missing('make', 'make', 'build-essential')
  const candidates = process.env.CXX ? [process.env.CXX] : compilers
  for (const compiler of candidates) {
    const found = await version(compiler, signal)
    if (found === undefined) continue
    const described = `python ${python}, npm ${npm}, make ${make}, ${compiler} ${found}`
    return {described, compiler}
  }
  throw missing(candidates.join(', '), 'a C++ compiler', 'build-essential')
}

/**
 * That Python 3 has pip, which checks what it downloads. Returns pip's version.
 *
 * @throws where it has none; the message says how to have it
 */
export async function findPip(signal: AbortSignal): Promise<string> {
  const pip = await runTool('python3', ['-m', 'pip', '--version'], {signal})
  if (pip.succeeded) return pip.output.match(/\d+(\.\d+)+/)?.[0] ?? 'of unknown version'
  throw new Error(
    `pip: expected \`python3 -m pip\` to run, got "${lastLine(pip)}"; install it (Debian, Ubuntu: apt-get install python3-pip; elsewhere: python3 -m ensurepip --user) and run this again`,
  )
}

/** The version that a program states, or undefined where it does not run. */
async function version(program: string, signal: AbortSignal): Promise<string | undefined> {
  const {succeeded, output} = await runTool(program, ['--version'], {signal})
  return succeeded ? (output.match(/\d+(\.\d+)+/)?.[0] ?? '') : undefined
}

function missing(program: string, what: string, debian: string): Error {
  return new Error(
    `${program}: expected ${what} on the PATH, to build the addon with; install it (Debian, Ubuntu: apt-get install ${debian}) and run this again`,
  )
}

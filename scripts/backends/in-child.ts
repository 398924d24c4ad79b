import {fork} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import type {Backend} from './backend.js'
import type {TaskName, TaskResult} from './tasks.js'

/** What a child process answered, or why it did not. */
export type Answer<Result> =
  | {readonly result: Result; readonly why?: never}
  | {readonly result?: never; readonly why: string}

/** A GPU that compiles its kernels for the first time needs long; one that hangs never ends. */
const patience = 180_000

/**
 * Loads and tests a backend in a child process and does a task there: a native library that crashes
 * takes only the child with it, and a backend that is refused leaves nothing behind in this process.
 */
export function inChild<Task extends TaskName>(
  backend: Backend,
  task: Task,
  {timeout = patience} = {},
): Promise<Answer<TaskResult<Task>>> {
  const missing = backend.missing?.()
  if (missing !== undefined) return Promise.resolve({why: missing})
  const own = fileURLToPath(import.meta.url)
  // From a clone this is TypeScript: the child needs tsx too, wherever the working folder is.
  const execArgv = own.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : []
  const child = fork(own.replace(/in-child(?=\.[jt]s$)/, 'child'), [backend.name, task], {
    execArgv,
    silent: true,
  })
  let heard: Answer<TaskResult<Task>> | undefined
  let complaints = ''
  child.stderr?.on('data', (chunk) => {
    complaints = (complaints + String(chunk)).slice(-4000)
  })
  child.on('message', (message) => {
    heard = message as Answer<TaskResult<Task>>
  })
  const clock = setTimeout(() => child.kill('SIGKILL'), timeout)
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({why: `cannot be tried: ${error.message}`}))
    child.on('close', (code, signal) => {
      clearTimeout(clock)
      const why = child.killed
        ? `did not answer within ${timeout / 1000} s`
        : `${signal === null ? `ended with code ${code}` : `was ended by ${signal}`} while it was tried${lastLine(complaints)}`
      resolve(heard ?? {why})
    })
  })
}

function lastLine(complaints: string): string {
  const last = complaints.trim().split('\n').at(-1)
  return last ? `: ${last}` : ''
}

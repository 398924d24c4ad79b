#!/usr/bin/env node
import {run} from './cli.js'

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // once: a second Ctrl-C ends the process at once, as people expect who mean it.
  process.once(signal, () => interruption.abort(new Error('interrupted')))
}
// `linear-regions query ... | head` closes the pipe early: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interruption.signal,
  debug: Boolean(process.env.DEBUG),
})

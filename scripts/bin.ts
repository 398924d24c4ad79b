#!/usr/bin/env node
import {run} from './cli.js'
import {listenForInterruption} from './interruption.js'

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `linear-regions query ... | head` closes the pipe early: that is no error.
  if (error.code === 'EPIPE') process.exit(0)
  process.stderr.write(`linear-regions: stdout: ${error.message}\n`)
  process.exit(1)
})

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  signal: listenForInterruption(process),
  debug: Boolean(process.env.DEBUG),
})

// A GPU keeps Node alive for ever; what was written goes out first.
for (const stream of [process.stdout, process.stderr]) {
  await new Promise<void>((resolve) => stream.write('', () => resolve()))
}
process.exit()

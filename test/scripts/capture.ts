import {Writable} from 'node:stream'
import {run, type Streams} from '../../scripts/cli.js'

interface Captured {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs one command line in this process and keeps what it wrote; `columns`: to a terminal. */
export async function runCaptured(
  argv: readonly string[],
  {columns, ...more}: Partial<Streams> & {columns?: number} = {},
): Promise<Captured> {
  const stdout = capture(columns)
  const stderr = capture()
  const code = await run(argv, {stdout: stdout.stream, stderr: stderr.stream, ...more})
  return {code, stdout: stdout.text(), stderr: stderr.text()}
}

/** A stream that keeps what is written to it; with `columns` it is a terminal. */
export function capture(columns?: number): {stream: Writable; text: () => string} {
  const chunks: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  if (columns !== undefined) Object.assign(stream, {isTTY: true, columns, rows: 24})
  return {stream, text: () => chunks.join('')}
}

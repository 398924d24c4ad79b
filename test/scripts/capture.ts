import {EventEmitter, once} from 'node:events'
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

/** A stream, and what was written to it. */
interface Capture {
  readonly stream: Writable
  readonly text: () => string
  /** Resolves once a text is a part of what was written. */
  readonly until: (text: string) => Promise<void>
}

/** A stream that keeps what is written to it; with `columns` it is a terminal. */
export function capture(columns?: number): Capture {
  const chunks: string[] = []
  const written = new EventEmitter()
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      written.emit('more')
      done()
    },
  })
  if (columns !== undefined) Object.assign(stream, {isTTY: true, columns, rows: 24})
  const text = () => chunks.join('')
  const until = async (part: string) => {
    while (!text().includes(part)) await once(written, 'more')
  }
  return {stream, text, until}
}

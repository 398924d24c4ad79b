import {Writable} from 'node:stream'
import {run, type Streams} from '../../scripts/cli.js'

/** Runs one command line in this process and keeps what it wrote. */
export async function runCaptured(
  argv: readonly string[],
  more: Partial<Streams> = {},
): Promise<{code: number; stdout: string; stderr: string}> {
  const stdout = capture()
  const stderr = capture()
  const code = await run(argv, {stdout: stdout.stream, stderr: stderr.stream, ...more})
  return {code, stdout: stdout.text(), stderr: stderr.text()}
}

export function capture(): {stream: Writable; text: () => string} {
  const chunks: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  return {stream, text: () => chunks.join('')}
}

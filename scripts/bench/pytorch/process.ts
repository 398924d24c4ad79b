import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {packageRoot} from '../../package-root.js'

/** What PyTorch is asked to measure, once. */
export interface PytorchRequest {
  readonly measure: 'distance' | 'crown'
  readonly radius?: number
  /** A file that takes the values, float32. */
  readonly save?: string
}

/** How long it took, over how many points at a time. */
export interface PytorchAnswer {
  readonly milliseconds: number
  readonly chunk: number
}

/** A running `compare.py` that has read one network. */
export interface Pytorch {
  /** Version of PyTorch. */
  readonly version: string
  /** Threads of its matrix products. */
  readonly threads: number
  measure(request: PytorchRequest): Promise<PytorchAnswer>
  /** Ends the program and waits for that. */
  close(): Promise<void>
}

const program = () => join(packageRoot(), 'scripts/bench/pytorch/compare.py')

/**
 * Starts `compare.py` on the network in `folder`.
 *
 * @param python a Python that has PyTorch
 * @throws Error where it cannot be run, with the last line of what it said
 *
 * @example
 * const pytorch = await startPytorch('python3', folder)
 * const {milliseconds} = await pytorch.measure({measure: 'crown', radius: 0.01})
 * await pytorch.close()
 */
export async function startPytorch(python: string, folder: string): Promise<Pytorch> {
  const child = spawn(python, [program(), folder], {stdio: ['pipe', 'pipe', 'pipe']})
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]()
  const ended = once(child, 'exit').catch((error: Error) => [error.message])
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  // A program that has ended takes no more requests: what it said is reported by `answer`.
  child.stdin.on('error', () => {})

  const answer = async <T>(): Promise<T> => {
    const {value, done} = await lines.next()
    if (!done) return JSON.parse(value) as T
    const [code] = await ended
    const last = said.trim().split('\n').at(-1) || `it ended with ${code}`
    throw new Error(
      `python: expected a Python with PyTorch, got ${python}: ${last}; ` +
        'install torch there (pip install torch) or name another one',
    )
  }
  const {torch, threads} = await answer<{torch: string; threads: number}>()
  return {
    version: torch,
    threads,
    measure: (request) => {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      return answer<PytorchAnswer>()
    },
    close: () => end(child, ended),
  }
}

async function end(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.stdin?.end()
  await ended
}

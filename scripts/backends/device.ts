import {execFileSync} from 'node:child_process'
import {cpus} from 'node:os'

/** The processor in words, as in `AMD EPYC 7B13, 2 cores`. */
export function processorName(): string {
  const all = cpus()
  const model = all[0]?.model.trim() || process.arch
  return `${model}, ${all.length} ${all.length === 1 ? 'core' : 'cores'}`
}

/** The graphics card in words; TensorFlow.js does not tell, so the driver's own tool is asked. */
export function graphicsCardName(): string {
  try {
    const names = execFileSync('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
    })
    return names.split('\n')[0]!.trim() || 'GPU'
  } catch {
    return 'GPU'
  }
}

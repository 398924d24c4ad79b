import {backendNames} from '../backends/names.js'
import {defineCommand, UsageError} from '../command.js'
import {choice, flag, list, text, whole, withDefault} from '../option.js'

const parts = ['speed', 'convolutions', 'growth', 'overhead', 'pytorch'] as const

/** Measures what measuring costs, on this machine. */
export const bench = defineCommand({
  name: 'bench',
  summary: 'measure what measuring costs on this machine, and watching a training',
  options: {
    parts: list(choice('what to time; default: speed', parts)),
    backend: choice('the backend; default: the first that works', backendNames),
    python: text('a Python that has PyTorch, for pytorch'),
    runs: withDefault(whole('runs of each measurement; medians are printed'), 5),
    images: withDefault(whole('images of the watched epoch, for overhead'), 2000),
    points: withDefault(whole('points of each of two groups, for overhead'), 128),
    json: flag('print JSON'),
  },
  examples: [
    ['bench', 'distances and bounds of multilayer perceptrons'],
    ['bench --parts overhead --images 60000 --runs 3', 'training time with and without'],
    ['bench --parts pytorch --python python3', 'against PyTorch on the same weights and points'],
  ],
  async run(options, context) {
    if (options.parts?.includes('pytorch') && options.python === undefined) {
      throw new UsageError('python: expected the path of a Python that has PyTorch, got nothing')
    }
    const {runBench} = await import('../bench/run.js')
    await runBench({...options, parts: options.parts ?? ['speed']}, context)
  },
})

import {backendNames} from '../backends/names.js'
import {defineCommand, UsageError} from '../command.js'
import {choice, flag, list, text, whole, withDefault} from '../option.js'

/** How often a training is watched: after so many batches, or once an epoch. */
const scheduleNames = ['1', '4', '16', '64', '256', 'epoch'] as const

const parts = [
  'speed',
  'convolutions',
  'growth',
  'overhead',
  'log',
  'backends',
  'round-trips',
  'pytorch',
  'storage',
  'tightness',
] as const

/** Measures what measuring costs, on this machine. */
export const bench = defineCommand({
  name: 'bench',
  summary: 'measure what measuring costs on this machine, and watching a training',
  options: {
    parts: list(choice('what to time; default: speed', parts)),
    backend: choice('the backend; default: the first that works', backendNames),
    python: text('a Python that has PyTorch, for pytorch'),
    runs: withDefault(whole('runs of each measurement; medians are printed'), 5),
    images: withDefault(
      whole('images of the epoch that is watched at its end, for overhead'),
      60000,
    ),
    points: withDefault(whole('points of each of two groups, for overhead'), 128),
    networks: list(choice('what is trained, for overhead; default: both', ['MLP', 'CNN'])),
    every: list(choice('how often it is watched, for overhead; default: all', scheduleNames)),
    writers: withDefault(whole('processes that write to one log at once, for storage'), 16),
    snapshots: withDefault(whole('snapshots of each of them, for storage'), 50),
    database: text('address of a fresh log on PostgreSQL to write to as well, for storage'),
    json: flag('print JSON'),
    markdown: flag('print Markdown'),
  },
  examples: [
    ['bench', 'distances and bounds of multilayer perceptrons'],
    ['bench --parts log', 'what writing a snapshot costs beside measuring it'],
    ['bench --parts storage', 'many trainings that write to one log'],
    ['bench --parts tightness', 'how close the bounds come to exact counts'],
    ['bench --parts overhead --runs 3', 'training time with and without'],
    ['bench --parts overhead --networks CNN --every epoch', 'one row of it'],
    ['bench --parts backends', 'WebAssembly against native TensorFlow'],
    ['bench --parts round-trips', 'reading back between layers against not doing so'],
    ['bench --parts pytorch --python python3', 'against PyTorch on the same weights and points'],
  ],
  async run({json, markdown, writers, snapshots, database, ...options}, context) {
    if (json && markdown) throw new UsageError('markdown: expected it without --json')
    if (options.parts?.includes('pytorch') && options.python === undefined) {
      throw new UsageError('python: expected the path of a Python that has PyTorch, got nothing')
    }
    if (options.parts?.includes('storage')) {
      const {timeLoad} = await import('../bench/log-load.js')
      const {loadText} = await import('../bench/log-load-text.js')
      const rows = await timeLoad({writers, snapshots, database, stderr: context.stderr})
      context.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : loadText(rows))
    }
    const timed = options.parts?.filter((part) => part !== 'storage') ?? ['speed']
    if (timed.length === 0) return
    const {runBench} = await import('../bench/run.js')
    const format = json ? 'json' : markdown ? 'markdown' : 'table'
    await runBench({...options, format, parts: timed}, context)
  },
})

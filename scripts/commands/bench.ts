import {backendNames} from '../backends/names.js'
import {defineCommand} from '../command.js'
import {choice, flag, list, whole, withDefault} from '../option.js'

const parts = ['speed', 'convolutions', 'growth', 'overhead', 'log', 'tightness'] as const

/** Measures what measuring costs, on this machine. */
export const bench = defineCommand({
  name: 'bench',
  summary: 'measure what measuring costs on this machine, and watching a training',
  options: {
    parts: list(
      choice('what to time, or to compare with the truth (tightness); default: speed', parts),
    ),
    backend: choice('the backend; default: the first that works', backendNames),
    runs: withDefault(whole('runs of each measurement; medians are printed'), 5),
    images: withDefault(whole('images of the watched epoch, for overhead'), 2000),
    points: withDefault(whole('points of each of two groups, for overhead'), 128),
    json: flag('print JSON'),
  },
  examples: [
    ['bench', 'distances and bounds of multilayer perceptrons'],
    ['bench --parts tightness', 'how close the bounds come, and what the countings cost'],
    ['bench --parts log', 'what writing a snapshot costs beside measuring it'],
    ['bench --parts overhead --images 60000 --runs 3', 'training time with and without'],
  ],
  async run(options, context) {
    const {runBench} = await import('../bench/run.js')
    await runBench({...options, parts: options.parts ?? ['speed']}, context)
  },
})

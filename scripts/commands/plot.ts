import {cannotDraw} from '../cannot-draw.js'
import {defineCommand, UsageError} from '../command.js'
import {type DrawOptions, drawFigure, figures} from '../figures/index.js'
import {choice, flag, list, number, text, withDefault} from '../option.js'

const names = figures.map((figure) => figure.name)

/** Draws figures again from any log, without training. */
export const plot = defineCommand({
  name: 'plot',
  summary: 'draw figures from a log: svg, png, pdf, and the Vega-Lite spec beside them',
  options: {
    database: withDefault(text('the log'), 'linear-regions.db'),
    figure: list(choice('figures to draw', [...names, 'all'])),
    format: list(choice('forms to write them in; default svg, png', ['svg', 'png', 'pdf'])),
    out: withDefault(text('folder to write to'), 'figures'),
    run: list(text('names or ids of runs; default all, or one where all do not fit')),
    group: list(text('groups of points; default all')),
    norm: text('norm of distances; default l2'),
    method: text('method of bounds; default combined'),
    counting: text('how bounds were counted; default flats where all runs hold it'),
    radius: list(text('radius rules of bounds, as they were given; default all')),
    epoch: list(number('epochs that figures of a few moments show; default some, spread evenly')),
    results: text('folder of reproduce, whose saved networks slice draws; default that of the log'),
    list: flag('list the figures and stop'),
  },
  examples: [
    ['plot --list', 'what can be drawn'],
    ['plot --database runs.db --figure all', 'every figure as svg and png'],
    [
      'plot --database runs.db --figure distance-over-training --format pdf',
      'one figure for print',
    ],
  ],
  async run({list: listOnly, figure: wanted, database, ...options}, {stdout, stderr, signal}) {
    if (listOnly) {
      const width = Math.max(...names.map((name) => name.length)) + 2
      for (const {name, summary} of figures) stdout.write(`${name.padEnd(width)}${summary}\n`)
      return
    }
    if (!wanted) throw new UsageError(`figure: expected one of ${names.join(', ')}, all; got none`)
    const all = wanted.includes('all')
    const {openLog} = await import('../../storage/log.js')
    const {makeFolder} = await import('../make-folder.js')
    const {writeFigure} = await import('../figures/write-figure.js')
    const log = await openLog(database, {readonly: true, signal})
    let drawn = 0
    try {
      for (const name of all ? names : wanted) {
        signal.throwIfAborted()
        try {
          const spec = await drawFigure(log, name, shown(options))
          await makeFolder('out', options.out)
          const paths = await writeFigure(options.out, name, spec, options.format ?? ['svg', 'png'])
          for (const path of paths) stdout.write(`${path}\n`)
          drawn++
        } catch (error) {
          if (!all || !cannotDraw(error)) throw error
          stderr.write(`${error.message}\n`)
        }
      }
    } finally {
      await log.close()
    }
    if (drawn === 0) throw new Error('figure: none of them could be drawn')
  },
})

interface Words {
  readonly run: readonly string[] | undefined
  readonly group: readonly string[] | undefined
  readonly norm: string | undefined
  readonly method: string | undefined
  readonly counting: string | undefined
  readonly radius: readonly string[] | undefined
  readonly epoch: readonly number[] | undefined
  readonly results: string | undefined
}

/** What the options ask for; what was not given is left out, so that its default holds. */
function shown(words: Words): DrawOptions {
  const {run: runs, group: groups, norm, method, counting, radius: radii, epoch: epochs} = words
  return {
    ...(runs && {runs}),
    ...(groups && {groups}),
    ...(norm && {norm}),
    ...(method && {method}),
    ...(counting && {counting}),
    ...(radii && {radii}),
    ...(epochs && {epochs}),
    ...(words.results && {folder: words.results}),
  }
}

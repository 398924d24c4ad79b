import {type Context, defineCommand, UsageError} from '../command.js'
import {choice, flag, list, text, withDefault} from '../option.js'

/** What is in a log, run by run. */
export const runs = defineCommand({
  name: 'runs',
  summary: 'list the runs of a log, show, compare or delete some',
  words: {
    action: withDefault(choice('what to do', ['list', 'show', 'compare', 'delete']), 'list'),
    run: list(text('names or ids of runs; four characters of an id will do')),
  },
  options: {
    database: withDefault(text('the log'), 'linear-regions.db'),
    json: flag('print JSON'),
    yes: flag('delete without asking'),
  },
  examples: [
    ['runs list --database runs.db', 'one line a run'],
    ['runs show mlp-128x3', 'all that is known of the runs of a name'],
    ['runs compare ef16 0f18', 'what differs, and the last medians'],
    ['runs delete ef16 --yes', 'with all that was logged of it'],
  ],
  async run({action, run: wanted, ...options}, context) {
    if (action !== 'list' && !wanted) {
      throw new UsageError(`run: expected the name or id of a run to ${action}, got nothing`)
    }
    if (options.yes && action !== 'delete') {
      throw new UsageError(`yes: expected it with runs delete, got it with runs ${action}`)
    }
    if (action === 'delete') await remove(wanted!, options, context)
    else await look(action, wanted, options, context)
  },
})

interface Given {
  readonly database: string
  readonly json: boolean
  readonly yes: boolean
}

async function look(
  action: 'list' | 'show' | 'compare',
  wanted: readonly string[] | undefined,
  {database, json}: Given,
  {stdout, signal}: Context,
): Promise<void> {
  const {openLog} = await import('../../storage/log.js')
  const {jsonText} = await import('../amounts.js')
  const {terminalWidth} = await import('../terminal.js')
  const log = await openLog(database, {readonly: true, signal})
  const width = terminalWidth(stdout)
  try {
    if (action === 'list') {
      const {listRuns, listText} = await import('../runs/list.js')
      const listed = await listRuns(log, wanted)
      stdout.write(json ? jsonText(listed) : listText(listed, width))
    } else if (action === 'show') {
      const {describeRuns} = await import('../runs/describe.js')
      const {showText} = await import('../runs/show.js')
      const described = await describeRuns(log, wanted!)
      const texts = described.map((run) => showText(run, width))
      stdout.write(json ? jsonText(described) : texts.join('\n'))
    } else {
      const {compareRuns, compareText} = await import('../runs/compare.js')
      const comparison = await compareRuns(log, wanted!)
      stdout.write(json ? jsonText(comparison) : compareText(comparison, width))
    }
  } finally {
    await log.close()
  }
}

async function remove(
  wanted: readonly string[],
  {database, json, yes}: Given,
  context: Context,
): Promise<void> {
  const {stdout, stderr} = context
  const {openLog} = await import('../../storage/log.js')
  const {jsonText} = await import('../amounts.js')
  const {confirm} = await import('../confirm.js')
  const {deleteRuns} = await import('../runs/delete.js')
  const {listRuns, listText} = await import('../runs/list.js')
  const {count} = await import('../select-runs.js')
  const {terminalWidth} = await import('../terminal.js')
  const log = await openLog(database, {create: false, spool: false})
  try {
    const found = await listRuns(log, wanted)
    if (!yes) {
      stderr.write(listText(found, terminalWidth(stderr)))
      const question = `Delete ${count(found.length, 'run')} with all that was logged?`
      if (!(await confirm(question, context))) throw new Error('nothing was deleted')
    }
    const deleted = await deleteRuns(
      log,
      found.map(({id}) => id),
    )
    const lines = deleted.map(({id, name}) => `deleted ${name} (${id})\n`)
    stdout.write(json ? jsonText(deleted) : lines.join(''))
  } finally {
    await log.close()
  }
}

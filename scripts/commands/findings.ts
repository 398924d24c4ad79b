import {defineCommand} from '../command.js'
import {choice, flag, list, text, withDefault} from '../option.js'
import {chosenForm} from '../rows/chosen-form.js'

const formats = ['table', 'rows', 'markdown', 'json'] as const

/** The two findings of the abstract, held against any log. */
export const findings = defineCommand({
  name: 'findings',
  summary: 'hold the findings of the abstract against a log, with intervals over seeds',
  options: {
    database: withDefault(text('the log'), 'linear-regions.db'),
    run: list(text('names or ids of runs; default all')),
    norm: text('norm of distances; default l2'),
    method: text('method of bounds; default combined'),
    counting: text('how bounds were counted; default flats where all runs hold it'),
    format: choice(
      'form of the answer: a row for each network, or every row; default table',
      formats,
    ),
    json: flag('print JSON, as --format json does'),
  },
  examples: [
    ['findings --database runs.db', 'a table for the terminal'],
    [
      'findings --database runs.db --run mlp-128x3 --format rows',
      'all that is known of one network',
    ],
    ['findings --format markdown > findings.md', 'a page'],
  ],
  async run({database, run: runs, norm, method, counting, format, json}, {stdout, signal}) {
    const form = chosenForm(format, json, 'table')
    const {openLog} = await import('../../storage/log.js')
    const {findingsMarkdown, findingsOf, findingsTable, gridTable} = await import(
      '../findings/index.js'
    )
    const {jsonText} = await import('../amounts.js')
    const {terminalWidth} = await import('../terminal.js')
    const log = await openLog(database, {readonly: true, signal})
    try {
      const found = await findingsOf(log, {
        ...(runs && {runs}),
        ...(norm && {norm}),
        ...(method && {method}),
        ...(counting && {counting}),
      })
      const forms = {
        table: () => gridTable(found, terminalWidth(stdout)),
        rows: () => findingsTable(found, terminalWidth(stdout)),
        markdown: () => findingsMarkdown(found),
        json: () => jsonText(found),
      }
      stdout.write(forms[form]())
    } finally {
      await log.close()
    }
  },
})

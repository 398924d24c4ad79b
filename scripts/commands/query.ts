import {text as readText} from 'node:stream/consumers'
import {defineCommand} from '../command.js'
import {choice, flag, required, text, whole, withDefault} from '../option.js'
import {chosenForm} from '../rows/chosen-form.js'

/** Questions to a log, in SQL. */
export const query = defineCommand({
  name: 'query',
  summary: 'ask a log in SQL; it is only read',
  words: {sql: required(text('the statement, in quotes; - takes it from standard input'))},
  options: {
    database: withDefault(text('the log'), 'linear-regions.db'),
    format: choice('form of the answer; default table', ['table', 'csv', 'json']),
    json: flag('print JSON, as --format json does'),
    rows: withDefault(whole('most rows of a table'), 1000),
  },
  examples: [
    ['query "select name, status from runs"', 'a table'],
    ['query "select * from distance_summary" --format csv', 'for a spreadsheet'],
    ['query - --json < question.sql', 'SQL from a file'],
  ],
  async run({sql, database, format, json, rows}, {stdin, stdout, signal}) {
    const form = chosenForm(format, json, 'table')
    const {readStatement} = await import('../sql/statement.js')
    const statement = readStatement(sql === '-' ? await readText(stdin) : sql)
    const {openLog} = await import('../../storage/log.js')
    const {ask} = await import('../sql/ask.js')
    const log = await openLog(database, {readonly: true, signal})
    try {
      await ask(log, statement, async (answer) => {
        if (form === 'table') {
          const {answerTable} = await import('../rows/answer-table.js')
          const {terminalWidth} = await import('../terminal.js')
          stdout.write(await answerTable(answer, rows, terminalWidth(stdout)))
        } else {
          const {formatted} = await import('../rows/format.js')
          const {writePieces} = await import('../rows/write.js')
          await writePieces(stdout, formatted(form, answer), signal)
        }
      })
    } finally {
      await log.close()
    }
  },
})

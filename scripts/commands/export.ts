import {defineCommand, UsageError} from '../command.js'
import {choice, flag, list, required, text, withDefault} from '../option.js'
import {relationNames, relations} from '../relations.js'
import {chosenForm} from '../rows/chosen-form.js'
import {rowFormats} from '../rows/format.js'

/** Tables and views of a log for other programs. */
export const exportRows = defineCommand({
  name: 'export',
  summary: 'write a table or view of a log as csv or json',
  words: {table: required(choice('table or view', relationNames))},
  options: {
    database: withDefault(text('the log'), 'linear-regions.db'),
    run: list(text('names or ids of runs; default all')),
    format: choice('form of the rows; default csv', rowFormats),
    json: flag('write JSON, as --format json does'),
    out: text('file to write; default: standard output'),
  },
  examples: [
    ['export distances --out distances.csv', 'all distances'],
    ['export timeline --run mlp-128x3 --json', 'the snapshots of some runs'],
  ],
  async run({table, database, run, format, json, out}, {stdout, stderr, signal}) {
    const form = chosenForm(format, json, 'csv')
    if (run && relations[table].of === 'log') {
      throw new UsageError(`run: expected none for ${table}, which belongs to no run, got "${run}"`)
    }
    const {openLog} = await import('../../storage/log.js')
    const {formatted} = await import('../rows/format.js')
    const {relationRows} = await import('../rows/relation-rows.js')
    const {writePieces} = await import('../rows/write.js')
    const {findRuns} = await import('../runs/find.js')
    const {writeWholeFile} = await import('../whole-file.js')
    const log = await openLog(database, {readonly: true, signal})
    try {
      const runs = run && (await findRuns(log, run)).map(({id}) => id)
      await relationRows(log, table, runs, async (answer) => {
        const pieces = formatted(form, answer)
        if (out === undefined) return await writePieces(stdout, pieces, signal)
        await writeWholeFile('out', out, pieces, {signal, log: database})
        stderr.write(`${table} written to ${out}\n`)
      })
    } finally {
      await log.close()
    }
  },
})

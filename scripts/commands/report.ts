import {defineCommand} from '../command.js'
import {flag, list, text, withDefault} from '../option.js'

/** Everything that a log has to say, on one page. */
export const report = defineCommand({
  name: 'report',
  summary: 'write one HTML page of a log: findings, figures, runs, and the SQL behind them',
  options: {
    database: withDefault(text('the log'), 'linear-regions.db'),
    out: withDefault(text('file to write'), 'report.html'),
    run: list(text('names or ids of runs; default all')),
    group: list(text('groups of points; default all')),
    norm: text('norm of distances; default l2'),
    method: text('method of bounds; default combined'),
    counting: text('how bounds were counted; default flats where all runs hold it'),
    radius: list(text('radius rules of bounds, as they were given; default all')),
    json: flag('print as JSON what was written, and the findings'),
  },
  examples: [
    ['report --database runs.db', 'all runs, as report.html'],
    ['report --run mlp-128x3 --out mlp.html', 'the runs of one name'],
  ],
  async run({database, out, run, group, norm, method, counting, radius, json}, {stdout, signal}) {
    const {openLog} = await import('../../storage/log.js')
    const {jsonText} = await import('../amounts.js')
    const {contentsOf} = await import('../report/contents.js')
    const {gatherReport} = await import('../report/gather.js')
    const {reportPage} = await import('../report/page.js')
    const {writeWholeFile} = await import('../whole-file.js')
    const log = await openLog(database, {readonly: true, signal})
    try {
      const report = await gatherReport(log, run, {
        ...(group && {groups: group}),
        ...(norm && {norm}),
        ...(method && {method}),
        ...(counting && {counting}),
        ...(radius && {radii: radius}),
      })
      const page = reportPage(report, database, new Date().toISOString())
      await writeWholeFile('out', out, [page], {signal, log: database})
      stdout.write(json ? jsonText(contentsOf(out, report)) : `${out}\n`)
    } finally {
      await log.close()
    }
  },
})

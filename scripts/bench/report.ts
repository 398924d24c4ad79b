import {type TableCell, table} from '../table.js'
import {type OverheadRow, schedules} from './overhead.js'
import type {BenchResult} from './run.js'
import {tightnessSections} from './tightness-table.js'

/** One table of the result. */
interface Section {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly TableCell[])[]
}

/** The result for a person: one table a part. */
export function benchTables(result: BenchResult): string {
  const tables = sections(result).map(({title, head, rows}) => `${title}\n${table(head, rows)}`)
  return [`${where(result).join('\n')}\n`, ...tables].join('\n')
}

/** The same for a page: a heading and a table for each part, and the command that printed them. */
export function benchMarkdown(result: BenchResult): string {
  const line = (cells: readonly TableCell[]) => `| ${cells.map((cell) => cell ?? '').join(' | ')} |`
  const [machine, ...others] = where(result)
  const parts = sections(result).map(({title, head, rows}) =>
    [`## ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n'),
  )
  const said = [`\`${result.command}\` on ${result.date.slice(0, 10)}: ${machine}`, ...others]
  return `${parts.map((part) => `${part}\n\n${said.join('; ')}.`).join('\n\n')}\n`
}

function where({backend, device, node, runs, matMulGflops, peakMemory}: BenchResult): string[] {
  return [
    `${backend} on ${device}, Node ${node}; medians of ${runs} runs`,
    `matMul of 1024 x 1024 matrices: ${matMulGflops.toFixed(1)} GFLOPS`,
    `most memory in use: ${(peakMemory / 2 ** 20).toFixed(0)} MB`,
  ]
}

function sections(result: BenchResult): Section[] {
  const {speed, growth, overhead, log, backends, pytorch} = result
  const found: Section[] = []
  if (speed.length > 0) {
    found.push({
      title: 'One measurement',
      head: ['network', 'points', 'measure', 'ms', 'forward passes', 'share of matMul'],
      rows: speed.map((row) => [
        row.network,
        row.points,
        row.measure,
        round(row.milliseconds),
        round(row.forwardPasses),
        row.gflops === undefined ? null : percent(row.gflops / result.matMulGflops),
      ]),
    })
  }
  if (backends.length > 0) {
    const names = Object.keys(backends[0]!.milliseconds)
    found.push({
      title: 'Two backends',
      head: ['network', 'measure', ...names.map((name) => `${name} ms`), 'ratio'],
      rows: backends.map(({network, measure, milliseconds, ratio}) => [
        network,
        measure,
        ...names.map((name) => round(milliseconds[name]!)),
        round(ratio),
      ]),
    })
  }
  if (growth.length > 0) {
    found.push({
      title: 'How the cost grows',
      head: ['measure', 'axis', 'values', 'ms', 'exponent'],
      rows: growth.map((row) => [
        row.measure,
        row.axis,
        row.values.join(', '),
        row.milliseconds.map(round).join(', '),
        Number(row.exponent.toFixed(2)),
      ]),
    })
  }
  if (overhead.length > 0) {
    found.push(overheadGrid('Training time with the monitor over without', overhead, 'ratio'))
    const clocked = overhead.filter(({measures}) => measures !== 'nothing')
    found.push(overheadGrid('The same by the clock, in one training', clocked, 'byClock'))
  }
  if (log.length > 0) {
    const times = ['measuring, ms', 'writing, ms', 'share', 'bytes a row']
    found.push({
      title: 'Writing a snapshot',
      head: ['network', 'points', 'rows', ...times],
      rows: log.map((row) => [
        row.network,
        row.points,
        row.rows,
        round(row.measureMilliseconds),
        round(row.writeMilliseconds),
        `${round(100 * row.share)} %`,
        round(row.bytesPerRow),
      ]),
    })
  }
  if (pytorch) {
    found.push({
      title: `Against PyTorch ${pytorch.torch}, ${pytorch.threads} threads`,
      head: [
        'network',
        'measure',
        'first ms',
        'ms',
        'of it norms',
        'PyTorch ms',
        'ratio',
        'points at a time',
        'difference',
      ],
      rows: pytorch.rows.map((row) => [
        row.network,
        row.measure,
        round(row.first),
        round(row.milliseconds),
        round(row.norms),
        round(row.pytorch),
        Number(row.ratio.toFixed(3)),
        row.chunk,
        `${row.difference.toPrecision(2)} (${row.differenceOf})`,
      ]),
    })
  }
  if (result.roundTrips) {
    const {costs, rows} = result.roundTrips
    found.push({
      title: `Round trips of ${round(costs.wait)} ms, operations of ${round(costs.operation)} ms`,
      head: ['network', 'measure', 'ms with', 'ms without', 'taken'],
      rows: rows.map((row) => [
        row.network,
        row.measure,
        round(row.withMilliseconds),
        round(row.withoutMilliseconds),
        row.taken,
      ]),
    })
  }
  found.push(
    ...tightnessSections(result.tightness ?? [], result.places ?? [], result.countings ?? []),
  )
  return found
}

/** A line for each network and kind of watching, a column for each schedule. */
function overheadGrid(
  title: string,
  rows: readonly OverheadRow[],
  ratio: 'ratio' | 'byClock',
): Section {
  const columns = schedules
    .map(({name}) => name)
    .filter((name) => rows.some(({every}) => every === name))
  const lines = [...new Set(rows.map(({network, measures}) => `${network}: ${measures}`))]
  const images = rows.find(({every}) => every === 'epoch')?.images
  return {
    title,
    head: [
      'watched',
      ...columns.map((name) => (name === 'epoch' ? `epoch of ${images} images` : `every ${name}`)),
    ],
    rows: lines.map((line) => [
      line,
      ...columns.map((name) => {
        const row = rows.find(
          ({network, measures, every}) => `${network}: ${measures}` === line && every === name,
        )
        return row ? Number(row[ratio].toFixed(3)) : null
      }),
    ]),
  }
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`

/** Three digits: more are not true. */
const round = (value: number) => Number(value.toPrecision(3))

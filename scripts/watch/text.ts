import {durationText, rounded, timeText} from '../amounts.js'
import {table} from '../table.js'
import {cutLine, oneLine} from '../terminal.js'
import type {Newest, NewestSnapshot} from './newest.js'

/** The state of a run as lines for a terminal of some columns. `now` in milliseconds. */
export function watchScreen({run, snapshot}: Newest, now: number, width: number): string[] {
  const name = `${oneLine(run.name)}, seed ${run.seed}`
  const lines = [
    `${name}: ${statusText(run, now)}`,
    snapshot ? timeOf(snapshot, now) : 'no snapshot yet',
    snapshot ? momentText(snapshot) : '',
  ].flatMap((line) => (line === '' ? [] : [cutLine(line, width)]))
  if (!snapshot || snapshot.medians.length === 0) return lines
  const rows = snapshot.medians.map(({measure, median}) => [
    measure,
    ...median.map((value) => rounded(value)),
  ])
  return [
    ...lines,
    ...table(['median', ...snapshot.groups], rows, width)
      .trimEnd()
      .split('\n'),
  ]
}

/** A snapshot as one line, for a file or a pipe. */
export function watchLine({run, snapshot}: Newest): string {
  const name = `${oneLine(run.name)}, seed ${run.seed}`
  if (!snapshot) return `${name}: no snapshot yet`
  const medians = snapshot.medians.map(({measure, median}) => {
    const values = median.flatMap((value, group) =>
      value === null ? [] : [`${snapshot.groups[group]} ${rounded(value)}`],
    )
    return oneLine(`${measure}: ${values.join(', ')}`)
  })
  const when = `${timeText(snapshot.recorded_at)} ${name}: ${momentText(snapshot)}`
  return [when, ...medians].join(' | ')
}

/** Why there is nothing more to wait for. */
export function statusText(run: Newest['run'], now: number): string {
  const since = (iso: string) => durationText((now - Date.parse(iso)) / 1000)
  const took = (Date.parse(run.ended_at ?? run.heartbeat_at) - Date.parse(run.started_at)) / 1000
  if (run.status === 'running') return `running for ${since(run.started_at)}`
  if (run.status === 'abandoned') return `abandoned, no sign of life for ${since(run.heartbeat_at)}`
  const why = run.error === null ? '' : `: ${oneLine(run.error)}`
  return `${run.status} after ${durationText(took)}${why}`
}

function timeOf({recorded_at, measure_ms}: NewestSnapshot, now: number): string {
  const ago = durationText((now - Date.parse(recorded_at)) / 1000)
  const measured = measure_ms === null ? '' : `, measured in ${durationText(measure_ms / 1000)}`
  return `last snapshot ${ago} ago, at ${timeText(recorded_at)}${measured}`
}

function momentText({step, epoch, loss, metrics, status, reason}: NewestSnapshot): string {
  const scores = Object.entries({...(loss !== null && {loss}), ...metrics}).map(
    ([name, value]) => `${name} ${typeof value === 'number' ? rounded(value) : value}`,
  )
  const lacking = status === 'complete' ? [] : [reason ? `${status} (${reason})` : status]
  return oneLine([`step ${step}`, `epoch ${rounded(epoch)}`, ...scores, ...lacking].join(', '))
}

import {type ProcessMark, stateOf} from './process-mark.js'
import type {RunRow} from './schema.js'

/**
 * Seconds since a running run's last sign of life, or null where it does not live: it has ended or
 * its process is gone. A process that can be looked at from here is believed, however long it is
 * silent; of any other three intervals of silence say that it is gone.
 */
export function secondsAlive(run: RunRow): number | null {
  if (run.status !== 'running') return null
  const silent = (Date.now() - Date.parse(run.heartbeat_at)) / 1000
  const state = stateOfProcess(run)
  if (state === 'unknown') return silent > 3 * run.heartbeat_every ? null : silent
  return state === 'alive' ? silent : null
}

/**
 * Says of a run that is alive since when it is silent, where it is, and what one can do; null where
 * it does not live.
 */
export function aliveText(run: RunRow): string | null {
  const silent = secondsAlive(run)
  if (silent === null) return null
  const sign = `is still alive, its last sign came ${Math.round(silent)} s ago from ${run.host}`
  if (stateOfProcess(run) === 'unknown')
    return `${sign}; end it, or wait until it has been silent for ${3 * run.heartbeat_every} s`
  const {pid} = markOf(run)!
  return pid === process.pid
    ? `${sign}, from this process; finish it first`
    : `${sign}, where process ${pid} still runs; end that`
}

function stateOfProcess(run: RunRow) {
  const mark = markOf(run)
  return mark ? stateOf(mark, run.host) : 'unknown'
}

function markOf({environment}: RunRow): ProcessMark | undefined {
  return JSON.parse(environment).process
}

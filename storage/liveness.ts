import {readlinkSync} from 'node:fs'
import {hostname} from 'node:os'
import type {RunRow} from './schema.js'

/** Which process a run belongs to; `space` tells containers with the same host name apart. */
export interface ProcessMark {
  readonly pid: number
  readonly space: string | null
}

/** The mark of this process, kept in the run's `environment` under `process`. */
export function thisProcess(): ProcessMark {
  return {pid: process.pid, space: processSpace()}
}

/**
 * Seconds since a running run's last sign of life, or null where it does not live: it has ended,
 * has been silent for three intervals, or its process is known to be gone.
 */
export function secondsAlive(run: RunRow): number | null {
  const silent = (Date.now() - Date.parse(run.heartbeat_at)) / 1000
  if (run.status !== 'running' || silent > 3 * run.heartbeat_every) return null
  return isKnownDead(run) ? null : silent
}

// after a crash one wants to go on at once, not when three intervals have passed
function isKnownDead(run: RunRow): boolean {
  const mark: ProcessMark | undefined = JSON.parse(run.environment).process
  if (!mark || run.host !== hostname() || mark.space !== processSpace()) return false
  try {
    process.kill(mark.pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

function processSpace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return null
  }
}

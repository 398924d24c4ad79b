import {existsSync} from 'node:fs'
import {dirname} from 'node:path'
import type {Host} from './host.js'

/**
 * That a folder, which may not exist yet, can hold so many bytes more.
 *
 * @throws where it cannot; the message says how much it is and how to put it elsewhere
 */
export async function checkRoom(folder: string, bytes: number, host: Host): Promise<void> {
  let existing = folder
  while (!existsSync(existing)) existing = dirname(existing)
  const free = await host.freeBytes(existing)
  if (free >= bytes) return
  throw new Error(
    `disk: expected ${inGigabytes(bytes)} free for ${folder}, got ${inGigabytes(free)}; make room, or set XDG_CACHE_HOME to a folder on a larger disk`,
  )
}

const inGigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`

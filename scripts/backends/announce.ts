import type {Writable} from 'node:stream'
import type {ChosenBackend} from './load.js'

/** Says on stderr which backend runs, why not those before it, and what the user should know of it. */
export function announceBackend(
  {name, library, device, refused, warnings}: ChosenBackend,
  stderr: Writable,
): void {
  stderr.write(`backend: ${name}${library ? `, ${library}` : ''} on ${device}\n`)
  for (const {name: other, why} of refused) stderr.write(`  not ${other}: ${why}\n`)
  for (const warning of warnings) stderr.write(`WARNING: ${warning}\n`)
}

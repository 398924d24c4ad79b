// a process that writes one run as fast as it can, for the load on a log: it says `ready`, begins at a
// word from its parent, and says `written` after each snapshot; arguments are the log, the number of
// the writer and of its snapshots
import {once} from 'node:events'
import {openLog} from '../../storage/log.js'
import {loadRun, loadRunName, loadSnapshot} from './log-load-data.js'

const [place, writer, snapshots] = process.argv.slice(2) as [string, string, string]
const log = await openLog(place, {spool: false, busyTimeout: 600_000})
process.send?.('ready')
await once(process, 'message')
const runId = await log.startRun(loadRun(loadRunName(Number(writer))))
// the same numbers each time: only writing is timed
const {step: _, ...rest} = loadSnapshot(Number(writer))
for (let step = 0; step < Number(snapshots); step++) {
  await log.writeSnapshot(runId, {...rest, step})
  process.send?.('written')
}
await log.finishRun(runId, 'finished')
await log.close()
process.disconnect?.()

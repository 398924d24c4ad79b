// a process of its own that logs a snapshot, waits to be told to go on, and keeps two more in the
// spool; arguments are the address and the folder of the spool
import {once} from 'node:events'
import {openLog} from '../../storage/index.js'
import {sampleRun, sampleSnapshot} from './sample.js'

const [address, folder] = process.argv.slice(2) as [string, string]
const log = await openLog(address, {spool: folder, warn: () => undefined})
const runId = await log.startRun(sampleRun({name: 'killed'}))
await log.writeSnapshot(runId, sampleSnapshot(0))
process.send!('ready')
await once(process, 'message')
await log.writeSnapshot(runId, sampleSnapshot(1))
await log.writeSnapshot(runId, sampleSnapshot(2))
process.send!('kept')
setInterval(() => undefined, 1000)

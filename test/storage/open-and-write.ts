// a process of its own that opens a log, as often as it is said to, when it is told to, and writes a
// run with a snapshot through each; arguments are the log, how often, and the folder for spools, or ''
// where it waits for the server instead
import {once} from 'node:events'
import {openLog} from '../../storage/index.js'
import {sampleRun, sampleSnapshot} from './sample.js'

const [place, times, spool] = process.argv.slice(2) as [string, string, string]
process.send?.('ready')
await once(process, 'message')
const options = spool ? {spool, warn: () => undefined} : {spool: false as const, patience: 300_000}
const write = async (_: unknown, index: number) => {
  const log = await openLog(place, options)
  const runId = await log.startRun(sampleRun({name: `process ${process.pid}, log ${index}`}))
  await log.writeSnapshot(runId, sampleSnapshot(0))
  await log.finishRun(runId, 'finished')
  await log.close()
}
await Promise.all(Array.from({length: Number(times)}, write))
process.disconnect()

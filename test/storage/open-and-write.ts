// a process of its own that opens a log when it is told to, and writes a run into it
import {once} from 'node:events'
import {openLog} from '../../storage/index.js'
import {sampleRun} from './sample.js'

process.send?.('ready')
await once(process, 'message')
const log = await openLog(process.argv[2]!)
await log.startRun(sampleRun({name: `process ${process.pid}`}))
await log.close()
process.disconnect()

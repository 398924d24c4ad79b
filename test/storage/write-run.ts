// a process of its own that trains nothing but logs: arguments are path, name, number of snapshots;
// it writes the step of each snapshot that was stored to standard output
import {openLog} from '../../storage/index.js'
import {sampleRun, sampleSnapshot} from './sample.js'

const [path, name, count] = process.argv.slice(2) as [string, string, string]
const log = await openLog(path)
const runId = await log.startRun(sampleRun({name}))
for (let step = 0; step < Number(count); step++) {
  await log.writeSnapshot(runId, sampleSnapshot(step, {}, {points: 200, layers: 3}))
  process.stdout.write(`${step}\n`)
}
await log.finishRun(runId, 'finished')
await log.close()

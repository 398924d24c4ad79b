// a process of its own that trains with the callback; arguments are the path of the log, the name
// of the run, epochs, the epoch of the checkpoint where it goes on with that run (or ''), and the
// folder of its spool. It says `ready` before it touches the log, then `stored STEP` for each
// snapshot, at the end `loss LOSS` of the training
import * as tf from '@tensorflow/tfjs'
import {linearRegionMonitor} from '../../callbacks/index.js'
import {openLog} from '../../storage/index.js'

const [path, name, epochs, initialEpoch, spool] = process.argv.slice(2) as [
  string,
  string,
  string,
  string?,
  string?,
]
await tf.setBackend('cpu')
const examples = tf.randomUniform([40, 4], 0, 1, 'float32', 1)
const labels = examples.sum(1, true).greater(2).toFloat()
const kernelInitializer = tf.initializers.glorotUniform({seed: 1})
const model = tf.sequential({
  layers: [
    tf.layers.dense({units: 8, activation: 'relu', inputShape: [4], kernelInitializer}),
    tf.layers.dense({units: 8, activation: 'relu', kernelInitializer}),
    tf.layers.dense({units: 1, activation: 'sigmoid', kernelInitializer}),
  ],
})
model.compile({optimizer: 'sgd', loss: 'binaryCrossentropy'})
const say = (text: string) => process.stdout.write(`${text}\n`)

say('ready')
const log = await openLog(path, spool === undefined ? {} : {spool})
const monitor = linearRegionMonitor({
  data: examples,
  run: name,
  points: 20,
  radii: ['0.1', 'nearest*0.5'],
  resume: initialEpoch ? 'must' : 'never',
  database: {
    ...log,
    async writeSnapshot(runId, snapshot) {
      await log.writeSnapshot(runId, snapshot)
      say(`stored ${snapshot.step}`)
    },
  },
})
const options = {
  epochs: Number(epochs),
  initialEpoch: Number(initialEpoch || 0),
  batchSize: 40,
  shuffle: false,
  verbose: 0,
} as const
const {history} = await model.fit(examples, labels, {...options, callbacks: [monitor]})
say(`loss ${history.loss!.at(-1)}`)
await log.close()

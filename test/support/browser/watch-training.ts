// A page of a user's own: a training that is watched, with a log of the page's own.
import * as tf from '@tensorflow/tfjs'
import {linearRegionMonitor, openLog, type RunLog} from 'tfjs-linear-regions'
import * as callbacks from 'tfjs-linear-regions/callbacks'
import {distanceToBoundary, readNetwork} from 'tfjs-linear-regions/measurements'
import type {Snapshot} from 'tfjs-linear-regions/storage'

/** What the page answers. */
export interface Watched {
  readonly steps: readonly number[]
  readonly statuses: readonly string[]
  /** Distances at the last snapshot's points, logged and measured anew. */
  readonly logged: readonly number[]
  readonly measured: readonly number[]
  /** What opening a path says. */
  readonly refused: string
  readonly isSame: boolean
}

declare function question(): Promise<{readonly seed: number}>
declare function answer(value: Watched): void

async function run(): Promise<void> {
  const {seed} = await question()
  await tf.setBackend('cpu')
  const x = tf.randomUniform([32, 4], -1, 1, 'float32', seed)
  const y = tf.tidy(() => x.sum(1, true).greater(0).toFloat())
  const model = tf.sequential({
    layers: [
      tf.layers.dense({inputShape: [4], units: 8, activation: 'relu'}),
      tf.layers.dense({units: 1, activation: 'sigmoid'}),
    ],
  })
  model.compile({optimizer: 'sgd', loss: 'binaryCrossentropy'})
  const snapshots: Snapshot[] = []
  const database: RunLog = {
    startRun: async () => 'run',
    writeSnapshot: async (_runId, snapshot) => void snapshots.push(snapshot),
    heartbeat: async () => {},
    reopenRun: async () => {},
    finishRun: async () => {},
  }
  const options = {data: x, labels: y, database, points: 5, keepInputs: true} as const
  const callback = linearRegionMonitor(options)
  await model.fit(x, y, {epochs: 2, batchSize: 16, verbose: 0, callbacks: [callback]})
  const {points, distances} = snapshots.at(-1)!
  const inputs = points.map(({input}) => [...input!])
  const {distance} = await distanceToBoundary(readNetwork(model), inputs)
  answer({
    steps: snapshots.map(({step}) => step),
    statuses: snapshots.map(({status}) => status),
    logged: [...distances[0]!.distance],
    measured: [...distance],
    refused: await openLog('runs.db').then(
      () => 'nothing',
      (error: Error) => error.message,
    ),
    isSame: callbacks.linearRegionMonitor === linearRegionMonitor,
  })
}

void run()

import {randomUUID} from 'node:crypto'
import {join} from 'node:path'
import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import * as tf from '@tensorflow/tfjs'
import {linearRegionMonitor} from '../../callbacks/index.js'
import {temporaryFolder} from '../support/folder.js'
import {smallData, smallModel} from './fixture.js'

/** What the process and TensorFlow.js held after a snapshot. */
export interface Held {
  readonly tensors: number
  readonly bytes: number
  /** Resident memory of the process, in bytes, after a collection of garbage. */
  readonly resident: number
}

setFlagsFromString('--expose_gc')
const collectGarbage = runInNewContext('gc') as () => void

/**
 * Takes snapshots in a row of a network that is trained on between them, into a log on disk.
 *
 * @param leak called after each, to try what the test would find
 */
export async function takeMany(count: number, leak: () => void = () => {}): Promise<Held[]> {
  const {xs, labels} = smallData()
  const model = smallModel({units: 12})
  const ys = tf.oneHot(tf.tensor1d(labels, 'int32'), 3)
  const monitor = linearRegionMonitor({
    data: xs,
    model,
    points: 8,
    radii: [0.05, 0.2],
    measures: ['distance', 'bound'],
    norms: ['l2', 'linf'],
    database: join(temporaryFolder(), `${randomUUID()}.db`),
    onError: 'throw',
  })
  const held: Held[] = []
  try {
    for (let step = 0; step < count; step++) {
      await model.trainOnBatch(xs, ys)
      await monitor.measure({step, epoch: step})
      leak()
      collectGarbage()
      const {numTensors, numBytes} = tf.memory()
      const {rss} = process.memoryUsage()
      held.push({tensors: numTensors, bytes: numBytes, resident: rss})
    }
  } finally {
    await monitor.finish()
    tf.dispose(ys)
    model.dispose()
  }
  return held
}

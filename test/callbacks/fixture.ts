import * as tf from '@tensorflow/tfjs'
import * as assert from 'uvu/assert'
import type {SampleRequest} from '../../callbacks/groups/index.js'
import {makePoints, type Points} from '../../callbacks/points.js'
import {randomStream} from '../../callbacks/random.js'
import {readNetwork} from '../../src/read-network.js'
import type {Log} from '../../storage/log.js'
import type {RunStart, Snapshot} from '../../storage/snapshot.js'

/** A log that keeps what it is told, and fails on request. */
export interface MemoryLog extends Log {
  readonly runs: RunStart[]
  readonly snapshots: Snapshot[]
  /** What was called, in order. */
  readonly calls: string[]
  /** Methods that reject. */
  readonly broken: Set<string>
}

export function memoryLog(): MemoryLog {
  const runs: RunStart[] = []
  const snapshots: Snapshot[] = []
  const calls: string[] = []
  const broken = new Set<string>()
  const call = async (name: string, text = name) => {
    calls.push(text)
    if (broken.has(name)) throw new Error(`${name} is broken`)
  }
  const log = {
    runs,
    snapshots,
    calls,
    broken,
    startRun: async (run: RunStart) => {
      await call('startRun')
      runs.push(run)
      return 'run-1'
    },
    writeSnapshot: async (_runId: string, snapshot: Snapshot) => {
      await call('writeSnapshot')
      snapshots.push(snapshot)
    },
    heartbeat: () => call('heartbeat'),
    reopenRun: () => call('reopen'),
    finishRun: (_runId: string, status: string, error?: string) =>
      call('finishRun', error === undefined ? status : `${status}: ${error}`),
    close: () => call('close'),
  }
  return log as unknown as MemoryLog
}

/** A small classifier with fixed weights, compiled. */
export function smallModel({inputs = 4, units = 6, classes = 3, name = 'hidden'} = {}) {
  const glorot = (seed: number) => tf.initializers.glorotUniform({seed})
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        name,
        inputShape: [inputs],
        units,
        activation: 'relu',
        kernelInitializer: glorot(1),
      }),
      tf.layers.dense({units: classes, activation: 'softmax', kernelInitializer: glorot(2)}),
    ],
  })
  model.compile({optimizer: 'sgd', loss: 'categoricalCrossentropy', metrics: ['accuracy']})
  return model
}

/** 24 examples of 4 features in 3 classes. */
export function smallData() {
  const rng = randomStream('small data')
  const values = Array.from({length: 24}, () => Array.from({length: 4}, () => rng() * 2 - 1))
  const labels = values.map((_, index) => index % 3)
  const xs = tf.tensor2d(values)
  const ys = tf.tidy(() => tf.oneHot(tf.tensor1d(labels, 'int32'), 3).toFloat())
  return {xs, ys, values, labels}
}

/** Random points on the host. */
export function randomPoints(count: number, features: number, key = 'points'): Points {
  const rng = randomStream(key)
  return makePoints(
    Float32Array.from({length: count * features}, () => rng() * 4 - 1),
    [features],
  )
}

/** What a group is asked with. */
export function sampleRequest(data: Points, changes: Partial<SampleRequest> = {}): SampleRequest {
  const {model = smallModel({inputs: data.features})} = changes
  return {
    rng: randomStream('sample'),
    n: 5,
    data,
    labels: null,
    testData: null,
    testLabels: null,
    network: readNetwork(model),
    model,
    classifier: {model, why: null},
    memory: 2 ** 29,
    step: 0,
    ...changes,
  }
}

/** Runs `work` with console.warn replaced; what was said. */
export async function warningsOf(work: () => unknown): Promise<string[]> {
  const said: string[] = []
  const {warn} = console
  console.warn = (text: string) => said.push(text)
  try {
    await work()
  } finally {
    console.warn = warn
  }
  return said
}

/** Runs `work` with a Math.random that begins anew, as a reproducible training does. */
export async function withSeededRandom<T>(seed: string, work: () => Promise<T>): Promise<T> {
  const {random} = Math
  Math.random = randomStream(seed)
  try {
    return await work()
  } finally {
    Math.random = random
  }
}

/** uvu's `assert.throws` takes a text for its own message: here the error's must contain it. */
export function throwsWith(work: () => unknown, text: string): void {
  try {
    work()
  } catch (error) {
    assert.match((error as Error).message, text)
    return
  }
  assert.unreachable(`expected an error with ${JSON.stringify(text)}`)
}

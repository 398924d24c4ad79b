import {setImmediate} from 'node:timers/promises'
import * as tf from '@tensorflow/tfjs'
import {randomStream} from '../../src/common/random.js'

/** Something to train, which gives the callback to `fit` as the last of its callbacks. */
export type Training = (pause: tf.Callback) => Promise<unknown>

/**
 * The milliseconds of trainings that take turns of a few batches in one process.
 *
 * One after the other, two equal trainings differ by a tenth on a shared machine, whose speed changes from one half minute
 * to the next. In turns that are short beside that, each change meets all of them alike. In a round each has a turn of as
 * many batches; the round after goes the other way, and its length is drawn anew, so that nothing that comes back after so many
 * batches, such as a collection of garbage, always meets the same training.
 *
 * @param batches of a turn, in the mean; the trainings may be of different length
 * @param now a clock in milliseconds
 * @throws what the first of the trainings that fail rejects with, when all have come to their end
 */
export async function takeTurns(
  trainings: readonly Training[],
  batches: number,
  now: () => number = () => performance.now(),
): Promise<number[]> {
  const random = randomStream('turns')
  const times = trainings.map(() => 0)
  const waiting = new Map<number, () => void>()
  let round: number[] = []
  let rounds = 0
  let length = 0
  let start = 0
  const turn = async (of: number) => {
    await new Promise<void>((resolve) => waiting.set(of, resolve))
    start = now()
  }
  const begin = () => {
    if (round.length === 0) {
      length = 1 + Math.floor(random() * (2 * batches - 1))
      round = [...waiting.keys()].sort((a, b) => (rounds % 2 === 0 ? a - b : b - a))
      rounds++
    }
    const next = round.shift()
    if (next === undefined) return
    waiting.get(next)!()
    waiting.delete(next)
  }
  const end = (of: number) => {
    times[of]! += now() - start
  }
  const all = trainings.map(async (train, at) => {
    await turn(at)
    const pause = async () => {
      end(at)
      const next = turn(at)
      begin()
      await next
    }
    try {
      await train(new Pause(() => length, pause))
    } finally {
      end(at)
      begin()
    }
  })
  begin()
  // To the end of each, so that nothing trains on when the caller disposes what it trains.
  await Promise.allSettled(all)
  await Promise.all(all)
  return times
}

class Pause extends tf.Callback {
  #trained = 0
  readonly #length: () => number
  readonly #pause: () => Promise<void>

  constructor(length: () => number, pause: () => Promise<void>) {
    super()
    this.#length = length
    this.#pause = pause
  }

  override async onBatchEnd(_batch: number, logs?: {readonly loss?: unknown}): Promise<void> {
    if (++this.#trained < this.#length()) return
    this.#trained = 0
    // What a device has been told to do belongs to this turn, and so does what waits for the event loop, such as freeing
    // tensors' memory.
    if (logs?.loss instanceof tf.Tensor) await logs.loss.data()
    await setImmediate()
    await this.#pause()
  }
}

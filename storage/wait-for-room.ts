import {randomInt} from 'node:crypto'
import {setTimeout as sleep} from 'node:timers/promises'

/** Milliseconds from one attempt to the next: about twice as many each time, and not those of others. */
const pauses = {first: 50, last: 500}

/**
 * Connects, and where the server has no room for one more client asks again, for as long as one is
 * ready to wait for a server: a hundred trainings that start at once let go of their connections
 * soon.
 *
 * ```ts
 * const client = await waitForRoom(() => pool.connect(), 5000, () => isAbandoned)
 * ```
 *
 * @param patience milliseconds
 * @param isOver whether nobody waits for it any more
 * @throws what `connect` throws
 */
export async function waitForRoom<T>(
  connect: () => Promise<T>,
  patience: number,
  isOver: () => boolean,
): Promise<T> {
  const deadline = performance.now() + patience
  let longest = pauses.first
  for (;;) {
    try {
      return await connect()
    } catch (error) {
      // by chance, or those who were refused together would come again together; not by
      // Math.random, whose numbers belong to the training
      const pause = randomInt(longest / 2, longest + 1)
      longest = Math.min(2 * longest, pauses.last)
      const isLate = performance.now() + pause >= deadline
      if ((error as {code?: string}).code !== tooManyClients || isLate || isOver()) throw error
      await sleep(pause)
    }
  }
}

const tooManyClients = '53300'

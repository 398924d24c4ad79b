import {once} from 'node:events'
import type {Writable} from 'node:stream'

/**
 * Writes pieces to a stream as fast as it takes them.
 *
 * @throws the reason of the signal, once it is aborted
 */
export async function writePieces(
  stream: Writable,
  pieces: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  for await (const piece of pieces) {
    signal.throwIfAborted()
    if (stream.write(piece)) continue
    await once(stream, 'drain', {signal}).catch((error: unknown) => {
      signal.throwIfAborted()
      throw error
    })
  }
}

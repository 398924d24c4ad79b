import fc from 'fast-check'
import {sampleRun, sampleSnapshot, temporaryPath, withLog} from './sample.js'

/** What happened to a file. */
export interface Damage {
  /** Bytes written over, cut off, or put behind its end. */
  readonly kind: 'overwritten' | 'cut' | 'longer'
  /** Where, as a share of its length. */
  readonly at: number
  readonly bytes: Uint8Array
}

/** One to three things that happened to a file, one after another. */
export const damages: fc.Arbitrary<Damage[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('overwritten' as const, 'overwritten' as const, 'cut', 'longer'),
    at: fc.double({min: 0, max: 1, noNaN: true}),
    bytes: fc.uint8Array({minLength: 1, maxLength: 300}),
  }),
  {minLength: 1, maxLength: 3},
)

export function damaged(whole: Buffer, all: readonly Damage[]): Buffer {
  return all.reduce((bytes: Buffer, {kind, at, bytes: other}) => {
    const place = Math.floor(at * bytes.length)
    if (kind === 'cut') return bytes.subarray(0, place)
    if (kind === 'longer') return Buffer.concat([bytes, other])
    const copy = Buffer.from(bytes)
    copy.set(other.subarray(0, bytes.length - place), place)
    return copy
  }, whole)
}

/** A log of one run, small enough that nothing asked of it takes long. */
export async function smallLog(): Promise<string> {
  const path = temporaryPath()
  await withLog(async (log) => {
    const id = await log.startRun(sampleRun())
    await log.writeSnapshot(id, sampleSnapshot(0, {}, {points: 2, layers: 1, rules: ['0.1']}))
    await log.finishRun(id, 'finished')
  }, path)
  return path
}

import {Writable} from 'node:stream'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {writePieces} from '../../../scripts/rows/write.js'
import {rejects} from '../../support/rejects.js'

const test = suite('writing pieces')

/** A stream that takes a piece only when it is told to. */
function gate() {
  const waiting: (() => void)[] = []
  const taken: string[] = []
  const stream = new Writable({
    highWaterMark: 1,
    write(chunk, _encoding, done) {
      taken.push(String(chunk))
      waiting.push(done)
    },
  })
  return {stream, taken, open: () => waiting.shift()?.()}
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('asks for no more than the stream has taken', async () => {
  const {stream, taken, open} = gate()
  let made = 0
  async function* pieces() {
    for (; made < 5; ) yield `piece ${made++}`
  }
  const written = writePieces(stream, pieces(), new AbortController().signal)
  for (let time = 1; time <= 5; time++) {
    for (let wait = 0; wait < 5; wait++) await turn()
    assert.is(made, time)
    open()
  }
  await written
  assert.is(taken.length, 5)
})

test('ends while it waits for the stream, with the reason of the signal', async () => {
  const {stream} = gate()
  const interruption = new AbortController()
  async function* pieces() {
    for (;;) yield 'piece'
  }
  const written = writePieces(stream, pieces(), interruption.signal)
  await turn()
  interruption.abort(new Error('interrupted'))
  await rejects(written, /^interrupted$/)
})

test.run()

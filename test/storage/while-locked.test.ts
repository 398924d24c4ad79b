import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {whileLocked} from '../../storage/while-locked.js'
import {rejects} from '../support/rejects.js'

const waiting = suite('work on a file that is locked')

const isLocked = (error: unknown) => (error as Error).message === 'locked'

/** Work that fails with the errors of the list, one after another, then succeeds. */
function work(...messages: string[]) {
  const left = [...messages]
  const attempt = async () => {
    const message = left.shift()
    if (message !== undefined) throw new Error(message)
    return 'done'
  }
  return {attempt, left}
}

waiting('is done again until it is not', async () => {
  const {attempt} = work(...Array(8).fill('locked'))
  assert.is(await whileLocked(attempt, isLocked, 60_000), 'done')
})

waiting('is not done again after any other error', async () => {
  const {attempt, left} = work('locked', 'broken', 'locked')
  await rejects(whileLocked(attempt, isLocked, 60_000), /^broken$/)
  assert.is(left.length, 1)
})

waiting('is given up in time, or where it is interrupted', async () => {
  const endless = async () => {
    throw new Error('locked')
  }
  await rejects(whileLocked(endless, isLocked, 0), /^locked$/)
  await rejects(whileLocked(endless, isLocked, 20), /^locked$/)
  const interruption = new AbortController()
  const interrupted = whileLocked(endless, isLocked, 600_000, interruption.signal)
  interruption.abort()
  await rejects(interrupted, /^locked$/)
})

waiting.run()

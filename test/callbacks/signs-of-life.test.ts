import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {createSignsOfLife} from '../../callbacks/signs-of-life.js'
import {rejects} from '../support/rejects.js'

/** Signs every 60 s by a clock that is set, each given when `answer` is called. */
function signsByHand() {
  let clock = 0
  let given = 0
  let answer: (error?: Error) => void = () => undefined
  const give = () => {
    given++
    return new Promise<void>((resolve, reject) => {
      answer = (error) => (error ? reject(error) : resolve())
    })
  }
  const signs = createSignsOfLife(give, 60, () => clock)
  return {
    ...signs,
    after: (seconds: number) => {
      clock += 1000 * seconds
      signs.giveIfDue()
      return given
    },
    answer: (error?: Error) => answer(error),
  }
}

test('a sign is given once the last is long enough ago', async () => {
  const {after, answer, restart, settle} = signsByHand()
  assert.equal([after(30), after(29), after(1)], [0, 0, 1])
  answer()
  await settle()
  assert.equal([after(59), after(1)], [1, 2])
  answer()
  await settle()
  after(50)
  restart()
  assert.equal([after(59), after(1)], [2, 3])
})

test('one at a time, and whoever gives the next waits for it', async () => {
  const {after, answer, settle} = signsByHand()
  assert.equal([after(60), after(60), after(600)], [1, 1, 1])
  let isSettled = false
  const settling = settle().then(() => {
    isSettled = true
  })
  await new Promise(setImmediate)
  assert.not.ok(isSettled)
  answer()
  await settling
  assert.is(after(0), 2)
})

test('what goes wrong is said once, to who waits, and signs go on', async () => {
  const {after, answer, settle} = signsByHand()
  after(60)
  answer(new Error('no log'))
  await rejects(settle(), /^no log$/)
  await settle()
  assert.is(after(60), 2)
  answer()
  await settle()
})

test.run()

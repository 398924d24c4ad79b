import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {createErrorPolicy} from '../../callbacks/error-policy.js'
import {warningsOf} from './fixture.js'

const warn = () => createErrorPolicy('warn', async () => undefined)

const same = ' (the training goes on; the same is not said again)'

test('each message is said once, whatever its class and wherever it comes from', async () => {
  const {report} = warn()
  const said = await warningsOf(async () => {
    for (const message of ['one', 'two', 'one', 'two']) await report('log', new Error(message))
    await report('heartbeat', new Error('one'))
    await report('log', new RangeError('two'))
  })
  assert.equal(said, [`linear-regions: one${same}`, `linear-regions: two${same}`])
})

test('of one kind no more are said than one would read; others are', async () => {
  const {report} = warn()
  const said = await warningsOf(async () => {
    for (let step = 0; step < 100; step++) await report('log', new Error(`step ${step}`))
    await report('schedule', new Error('no idea'))
  })
  assert.equal(said, [
    ...[0, 1, 2, 3].map((step) => `linear-regions: step ${step}${same}`),
    'linear-regions: step 4 (the training goes on; more of this kind is not said)',
    `linear-regions: no idea${same}`,
  ])
})

test.run()

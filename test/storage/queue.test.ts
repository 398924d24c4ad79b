import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {createQueue} from '../../storage/queue.js'

test('a queue runs one task after another, also after one that failed', async () => {
  const [queue, order] = [createQueue(), [] as string[]]
  const task = (name: string, fails = false) =>
    queue(async () => {
      order.push(`${name} begins`)
      await Promise.resolve()
      order.push(`${name} ends`)
      if (fails) throw new Error(name)
      return name
    })
  const results = await Promise.allSettled([task('a'), task('b', true), task('c')])
  assert.equal(order, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  assert.equal(
    results.map(({status}) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
})

test.run()

import {suite} from 'uvu'
import {useBackend} from '../../support/backends.js'
import {refineChains, refineImages, refineLayersOfEveryType} from '../../support/refine-checks.js'

const test = suite('refined bounds by the thousand')
test.before(() => useBackend('cpu'))

test('two inputs, layers of every type', () => refineLayersOfEveryType('host', 1500))
test('chains of 1 to 5 inputs', () => refineChains('host', 1500, 1000))
test('the same on the backend', async () => {
  await refineLayersOfEveryType('backend', 400)
  await refineChains('backend', 400, 1000)
})
test('images, and as many inputs', () => refineImages(300))

test.run()

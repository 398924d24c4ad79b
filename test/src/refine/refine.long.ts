import {suite} from 'uvu'
import {useBackend} from '../../support/backends.js'
import {refineChains, refineLayersOfEveryType} from '../../support/refine-checks.js'

const test = suite('refined bounds by the thousand')
test.before(() => useBackend('cpu'))

test('two inputs, layers of every type', () => refineLayersOfEveryType(1500))
test('chains of 1 to 5 inputs', () => refineChains(1500, 1000))

test.run()

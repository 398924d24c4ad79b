import {suite} from 'uvu'
import {chains, layersOfEveryType} from '../../../support/against-exact.js'
import {useBackend} from '../../../support/backends.js'

const test = suite('every method and counting against the exact count')
test.before(() => useBackend('cpu'))

test('two inputs, layers of every type', () => layersOfEveryType(30))
test('chains of 1 to 6 inputs', () => chains(60))

test.run()

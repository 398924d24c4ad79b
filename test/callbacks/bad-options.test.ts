import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {anyOptions, damagedDatabases} from './bad-options.js'

const bad = suite('bad options and logs, some of them (the rest in bad-options.long.ts)')

bad('any options are refused before the training, or leave it as it is', async () => {
  assert.ok((await anyOptions(200)).refused > 20)
})

bad('a damaged log is refused, or costs what it cannot hold and not the training', async () => {
  assert.ok((await damagedDatabases(15)).refused > 0)
})

bad.run()

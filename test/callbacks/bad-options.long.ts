import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {anyOptions, damagedDatabases} from './bad-options.js'

const bad = suite('bad options and logs by the thousand')

bad('any options are refused before the training, or leave it as it is', async () => {
  const {refused, warned} = await anyOptions(4000)
  assert.ok(refused > 1000 && refused < 3600, String(refused))
  assert.ok(warned > 10, String(warned))
})

bad('a damaged log is refused, or costs what it cannot hold and not the training', async () => {
  const {refused, trained} = await damagedDatabases(600)
  assert.ok(refused > 50 && trained > 50, `${refused} refused, ${trained} trained`)
})

bad.run()

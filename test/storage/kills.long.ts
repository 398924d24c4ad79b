import * as assert from 'uvu/assert'
import {databaseSuite} from '../support/databases.js'
import {killTrainings} from './kills.js'

const kills = databaseSuite('trainings that are killed')

kills('at thirty random moments leave whole snapshots, and every one told of', async () => {
  // other moments each time; what is printed is enough to have them again
  const seed = process.env.KILL_SEED ?? String(Date.now())
  console.log(`KILL_SEED=${seed}`)
  assert.ok((await killTrainings(30, seed)) > 10)
})

kills.run()

import {databaseSuite} from '../support/databases.js'
import {killAndResume, killTrainings} from './kills.js'

const kills = databaseSuite('trainings that are killed')

kills(
  'at three random moments leave whole snapshots, and every one they were told of',
  async () => {
    await killTrainings(3, 'short', 1000)
  },
)

kills('go on from a checkpoint, and what they had logged beyond it goes', () => killAndResume())

kills.run()

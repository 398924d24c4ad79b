import {suite} from 'uvu'
import {killTrainings} from './kills.js'

const kills = suite('trainings that are killed')

kills(
  'at three random moments leave whole snapshots, and every one they were told of',
  async () => {
    await killTrainings(3, 'short', 1000)
  },
)

kills.run()

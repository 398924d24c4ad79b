import {suite} from 'uvu'
import {writeTogether} from './writers.js'

const together = suite('several trainings and one log')

together('four write fifty snapshots each while one reads, and nothing is lost', () =>
  writeTogether(4, 50),
)

together.run()

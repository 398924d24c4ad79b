import {databaseSuite} from '../support/databases.js'
import {writeTogether} from './writers.js'

const together = databaseSuite('several trainings and one log')

together('four write fifty snapshots each while one reads, and nothing is lost', () =>
  writeTogether(4, 50),
)

together.run()

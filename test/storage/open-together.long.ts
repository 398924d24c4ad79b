import {databaseSuite} from '../support/databases.js'
import {openTogether} from './open-together.js'

const together = databaseSuite('a hundred trainings that begin at once')

// the server of the tests has connections for sixty
together('find a new log made once, and all of them write to it', () => openTogether(10, 10, false))

together.on('PostgreSQL', 'keep in spools what the server has no room for in time', () =>
  openTogether(10, 10, true),
)

together.run()

import {execFile} from 'node:child_process'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {lookAtFile} from '../../storage/sqlite-file.js'
import {openHandle} from '../../storage/sqlite-handle.js'
import {temporaryFolder} from '../support/folder.js'

/** What another process is told that asks for the file's lock: null where it gets it. */
async function lockElsewhere(path: string): Promise<string | null> {
  const script = `
    const sqlite3 = require('sqlite3')
    const database = new sqlite3.Database(process.argv[1])
    database.exec('begin immediate', (error) => console.log(JSON.stringify(error && error.code)))`
  const {stdout} = await promisify(execFile)(process.execPath, ['-e', script, path])
  return JSON.parse(stdout)
}

test('looking at a file that is open in this process keeps its locks', async () => {
  const path = join(temporaryFolder(), 'log.db')
  const handle = await openHandle(path, path, 'create', 0)
  await handle.query('create table t (x)')
  await handle.query('begin immediate')
  assert.is(await lockElsewhere(path), 'SQLITE_BUSY')
  assert.is(lookAtFile(path), 'rollback')
  assert.is(await lockElsewhere(path), 'SQLITE_BUSY')
  const other = await openHandle(path, path, 'read', 0)
  await other.close()
  assert.is(await lockElsewhere(path), 'SQLITE_BUSY')
  await handle.query('rollback')
  await handle.close()
  assert.is(await lockElsewhere(path), null)
})

test.run()

import {spawnSync} from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import {dirname, join} from 'node:path'
import seedrandom from 'seedrandom'
import sqlite3 from 'sqlite3'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {LogError, openLog} from '../../storage/index.js'
import {rejects} from '../support/rejects.js'
import {sampleRun, sampleSnapshot, temporaryPath, withLog} from './sample.js'

// what a server refuses, and what is refused on one: postgres.test.ts
const refused = suite('files that are refused')

/** Opening must fail with one line that names the path, whichever way, and change nothing. */
async function isRefused(path: string, message: RegExp): Promise<void> {
  const folder = dirname(path)
  const look = () => readdirSync(folder).map((name) => [name, tryRead(join(folder, name))])
  const before = look()
  for (const options of [{}, {readonly: true}, {journalMode: 'delete'}] as const) {
    const error = await rejects(openLog(path, options), message)
    assert.instance(error, LogError)
    assert.ok(error.message.includes(path), error.message)
    assert.not.match(error.message, '\n')
  }
  assert.equal(look(), before)
}

function tryRead(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}

/** A database made by somebody else. */
function foreignDatabase(path: string, ...statements: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(path)
    database.exec(statements.join(';'), (error) => {
      if (error) return reject(error)
      database.close((closed) => (closed ? reject(closed) : resolve()))
    })
  })
}

async function sampleLog(): Promise<string> {
  const path = temporaryPath()
  await withLog(async (log) => {
    const runId = await log.startRun(sampleRun())
    await log.writeSnapshot(runId, sampleSnapshot(0))
  }, path)
  return path
}

refused('what is no database', async () => {
  const path = temporaryPath('holiday.jpg')
  writeFileSync(path, 'x'.repeat(5000))
  await isRefused(path, /is not a SQLite file; it was left as it is/)
  writeFileSync(path, 'x')
  await isRefused(path, /is not a SQLite file/)
})

refused("somebody else's database, in each journal mode", async () => {
  for (const mode of ['delete', 'wal']) {
    const path = temporaryPath('theirs.db')
    await foreignDatabase(path, `pragma journal_mode = ${mode}`, 'create table people (name)')
    await isRefused(path, /is no log of linear regions; it was left as it is/)
  }
})

refused("somebody else's database whose table is called meta", async () => {
  for (const columns of ['name, content', 'key, value']) {
    const path = temporaryPath('theirs.db')
    await foreignDatabase(
      path,
      `create table meta (${columns})`,
      "insert into meta values ('schema_version', '1')",
    )
    await isRefused(path, /is no log of linear regions/)
  }
})

refused("somebody else's database that was left in the middle of its work", async () => {
  const path = temporaryPath('theirs.db')
  const script = `
    const sqlite3 = require(${JSON.stringify(join(import.meta.dirname, '../../node_modules/sqlite3'))})
    const database = new sqlite3.Database(process.argv[1])
    database.exec('pragma journal_mode = wal; create table people (name)', () => process.kill(process.pid, 'SIGKILL'))`
  spawnSync(process.execPath, ['-e', script, path])
  assert.ok(readdirSync(dirname(path)).includes('theirs.db-wal'))
  const before = [readFileSync(path), readFileSync(`${path}-wal`)]
  await rejects(openLog(path), /is no log of linear regions/)
  assert.equal([readFileSync(path), readFileSync(`${path}-wal`)], before)
})

refused('a log that was cut off', async () => {
  const whole = await sampleLog()
  const {length} = readFileSync(whole)
  for (const left of [50, 1000, 4096, length - 4096, length - 1]) {
    const path = temporaryPath()
    copyFileSync(whole, path)
    truncateSync(path, left)
    await isRefused(path, /is damaged/)
  }
})

refused('a log whose list of tables was overwritten', async () => {
  const path = await sampleLog()
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill(0xab, 100, 4096))
  await isRefused(path, /is damaged/)
})

refused('random damage, if not at once then by the query that meets it', async () => {
  const whole = readFileSync(await sampleLog())
  const random = seedrandom('damage')
  for (let time = 0; time < 60; time++) {
    const bytes = Buffer.from(whole)
    const start = Math.floor(random() ** 2 * bytes.length)
    bytes.fill(Math.floor(random() * 256), start, start + Math.floor(random() * 3000))
    const path = temporaryPath()
    writeFileSync(path, bytes)
    const error = await withLog((log) => log.startRun(sampleRun()), path).then(
      () => undefined,
      (reason: unknown) => reason as Error,
    )
    if (!error) continue
    assert.instance(error, LogError)
    assert.ok(error.message.includes(path) && !error.message.includes('\n'), error.message)
  }
})

refused('a directory', async () => {
  const path = temporaryPath('runs.db')
  mkdirSync(path)
  await isRefused(path, /^database: expected a file, got the directory ".*"; name a file in it$/)
})

refused('a path without a folder, or through a file', async () => {
  const path = temporaryPath('results')
  await isRefusedForWriting(join(path, 'runs.db'), /the folder of ".*" does not exist/)
  writeFileSync(path, '')
  await isRefusedForWriting(join(path, 'runs.db'), /results" is a file, not the folder for a log/)
  await isRefusedForWriting(join(path, 'deeper', 'runs.db'), /cannot be reached \(ENOTDIR\)/)
})

async function isRefusedForWriting(path: string, message: RegExp): Promise<void> {
  const error = await rejects(openLog(path), message)
  assert.instance(error, LogError)
}

refused('a device, and a link that leads to itself', async () => {
  await isRefusedForWriting('/dev/null', /is no ordinary file/)
  const path = temporaryPath()
  symlinkSync(path, path)
  await isRefusedForWriting(path, /cannot be reached \(ELOOP\)/)
})

refused('a missing file, where none may be made', async () => {
  const path = temporaryPath()
  await rejects(openLog(path, {readonly: true}), /there is no file ".*"; check the path/)
  await rejects(openLog(path, {create: false}), /there is no file/)
  assert.equal(readdirSync(dirname(path)), [])
})

refused('a path of two lines, in a message of one', async () => {
  const error = await rejects(openLog(temporaryPath('two\nlines'), {create: false}), /two lines/)
  assert.not.match(error.message, '\n')
})

refused('options and paths that mean nothing', async () => {
  for (const database of ['', 'a\0b', 7, undefined] as never[]) {
    await rejects(openLog(database), /^database: expected a path, got/)
  }
  await rejects(openLog('mysql://host/name'), /^database: expected the path of a SQLite file/)
  await rejects(openLog(':memory:', {journalMode: 'off' as never}), /^journalMode: expected/)
  await rejects(openLog(':memory:', {busyTimeout: -1}), /^busyTimeout: expected/)
})

// root may write anywhere, so somebody else has to try
refused('what may not be written', async () => {
  const path = await sampleLog()
  const folder = dirname(path)
  const before = readFileSync(path)
  const attempt = (file: string, options: object) => {
    const storage = new URL('../../storage/index.ts', import.meta.url).href
    const script = `
      import(${JSON.stringify(storage)}).then(({openLog}) => {
        if (process.getuid() === 0) process.setuid(65534)
        return openLog(${JSON.stringify(file)}, ${JSON.stringify(options)})
      }).then((log) => log.db.selectFrom('runs').select('name').execute())
        .then((rows) => console.log(JSON.stringify(rows)), (error) => console.log(String(error)))`
    const args = ['--import', import.meta.resolve('tsx'), '-e', script]
    return spawnSync(process.execPath, args, {encoding: 'utf8'}).stdout
  }
  chmodSync(dirname(folder), 0o755)
  chmodSync(folder, 0o555)
  chmodSync(path, 0o444)
  const expected = /^LogError: database: ".*" cannot be written; check who may write it/
  assert.match(attempt(path, {}), expected)
  assert.match(attempt(join(folder, 'new.db'), {}), expected)
  assert.match(attempt(path, {readonly: true}), '[{"name":"sample"}]')
  chmodSync(path, 0o000)
  assert.match(attempt(path, {readonly: true}), /^LogError: database: ".*" cannot be read; check/)
  chmodSync(folder, 0o755)
  chmodSync(path, 0o644)
  assert.equal(readFileSync(path), before)
  assert.equal(readdirSync(folder), ['runs.db'])
})

refused('nothing that is empty: a file of no bytes, a database of no tables', async () => {
  const bytes = temporaryPath()
  writeFileSync(bytes, '')
  await rejects(openLog(bytes, {readonly: true}), /is empty and holds no log/)
  await rejects(openLog(bytes, {create: false}), /is empty and holds no log/)
  assert.is(readFileSync(bytes).length, 0)
  await withLog((log) => log.startRun(sampleRun()), bytes)
  const tables = temporaryPath()
  await foreignDatabase(tables, 'create table gone (name)', 'drop table gone')
  await rejects(openLog(tables, {create: false}), /is empty and holds no log/)
  await withLog((log) => log.startRun(sampleRun()), tables)
})

refused.run()

import sqlite3 from 'sqlite3'

/** Locks a log's file as another process would, and gives what unlocks it. */
export async function lockFile(path: string): Promise<() => Promise<void>> {
  const database = new sqlite3.Database(path)
  const execute = (text: string) =>
    new Promise<void>((resolve, reject) =>
      database.exec(text, (error) => (error ? reject(error) : resolve())),
    )
  await execute('begin exclusive')
  return () =>
    new Promise<void>((resolve, reject) =>
      database.close((error) => (error ? reject(error) : resolve())),
    )
}

import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'

const folder = join(import.meta.dirname, 'snapshots')

/**
 * Compares with a committed file. `UPDATE_SNAPSHOTS=1` writes the files anew: look at the difference,
 * and at the picture, before it is committed.
 */
export function matchesSnapshot(name: string, content: string): void {
  const path = join(folder, name)
  if (process.env.UPDATE_SNAPSHOTS) {
    mkdirSync(folder, {recursive: true})
    writeFileSync(path, content)
  }
  assert.snapshot(content, readFileSync(path, 'utf8'), name)
}

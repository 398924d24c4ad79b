import {execFile} from 'node:child_process'
import {createRequire} from 'node:module'
import {hostname} from 'node:os'
import {promisify} from 'node:util'
import type {RunsTable} from './schema.js'

const execute = promisify(execFile)

/** What the log finds out about this process by itself. */
export type Surroundings = Pick<
  RunsTable,
  'node_version' | 'package_version' | 'host' | 'git_commit' | 'git_dirty'
>

/** Versions, host, and the git commit of the working folder (null where it is in no repository). */
export async function surroundings(): Promise<Surroundings> {
  const commit = await git('rev-parse', 'HEAD')
  const changes = commit && (await git('status', '--porcelain', '--untracked-files=no'))
  return {
    node_version: process.version,
    package_version: packageVersion(),
    host: hostname(),
    git_commit: commit,
    git_dirty: changes === null ? null : Number(changes !== ''),
  }
}

// without locks, for a training must not get into the way of a commit made beside it
async function git(...args: string[]): Promise<string | null> {
  const env = {...process.env, GIT_OPTIONAL_LOCKS: '0'}
  try {
    const {stdout} = await execute('git', args, {env, timeout: 5000, maxBuffer: 2 ** 24})
    return stdout.trim()
  } catch {
    return null
  }
}

function packageVersion(): string {
  const require = createRequire(import.meta.url)
  return require('tfjs-linear-regions/package.json').version
}

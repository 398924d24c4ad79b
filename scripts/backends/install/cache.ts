import {existsSync} from 'node:fs'
import {mkdir, readdir, rename, rm} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import envPaths from 'env-paths'

/** Where libraries are kept: `npm ci` empties node_modules, this stays. */
export function cacheFolder(): string {
  return envPaths('tfjs-linear-regions', {suffix: ''}).cache
}

/**
 * Makes a folder whole or not at all: it is filled under another name and renamed at the end, so
 * that what an interruption leaves behind is never taken for it. Nothing is done where it exists.
 */
export async function makeWhole(
  folder: string,
  fill: (partial: string) => Promise<void>,
): Promise<void> {
  if (existsSync(folder)) return
  await removeLeftovers(folder)
  const partial = `${folder}${mark}${process.pid}`
  await mkdir(partial, {recursive: true})
  try {
    await fill(partial)
    await rename(partial, folder).catch((error: unknown) => {
      // Another process was quicker: what it made is as good.
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(partial, {recursive: true, force: true})
  }
}

const mark = '.partial-'

/** What processes left that were killed while they filled this folder. */
async function removeLeftovers(folder: string): Promise<void> {
  const parent = dirname(folder)
  const names = existsSync(parent) ? await readdir(parent) : []
  const start = `${basename(folder)}${mark}`
  for (const name of names.filter((each) => each.startsWith(start))) {
    if (isRunning(Number(name.slice(start.length)))) continue
    await rm(join(parent, name), {recursive: true, force: true})
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

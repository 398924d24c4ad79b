import {existsSync} from 'node:fs'
import {dirname, join} from 'node:path'

/**
 * The project one stands in: the nearest folder upwards with a package.json.
 *
 * @throws where there is none
 */
export function projectFolder(from: string): string {
  let folder = from
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) {
      throw new Error(
        `project: expected a package.json in ${from} or above it, got none; run this in your project, or begin one with \`npm init -y\``,
      )
    }
    folder = dirname(folder)
  }
  return folder
}

const others = [
  ['pnpm-lock.yaml', 'pnpm add --save-optional --ignore-scripts'],
  ['yarn.lock', 'yarn add --optional --ignore-scripts'],
  ['bun.lock', 'bun add --optional --ignore-scripts'],
] as const

/** How a project that npm does not look after adds a package; undefined where npm does. */
export function otherPackageManager(project: string): string | undefined {
  if (existsSync(join(project, 'package-lock.json'))) return undefined
  return others.find(([lock]) => existsSync(join(project, lock)))?.[1]
}

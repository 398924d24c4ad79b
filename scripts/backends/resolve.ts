import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'
import {packageRoot} from '../package-root.js'

/** An installed npm package. */
export interface Installed {
  readonly folder: string
  readonly version: string
  readonly require: NodeJS.Require
}

/**
 * Finds an optional package: in the project one stands in first, because the user's own copy is the
 * one that should run, then beside this package.
 */
export function findPackage(name: string, from = process.cwd()): Installed | undefined {
  return packageAt(from, name) ?? packageAt(packageRoot(), name)
}

/** A package as the modules of one folder see it. */
export function packageAt(base: string, name: string): Installed | undefined {
  const require = createRequire(join(base, 'package.json'))
  try {
    const manifest = require.resolve(`${name}/package.json`)
    const {version} = JSON.parse(readFileSync(manifest, 'utf8')) as {version: string}
    return {folder: dirname(manifest), version, require}
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    return undefined
  }
}

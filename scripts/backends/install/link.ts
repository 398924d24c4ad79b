import {readlinkSync} from 'node:fs'
import {mkdir, rm, symlink} from 'node:fs/promises'
import {join} from 'node:path'
import type {Library} from './library.js'

const compiled = 'libtensorflow_cc.so.2'
const framework = 'libtensorflow_framework.so.2'

/**
 * Puts a library where the addon's build and the addon look for it, in place of what was there. The
 * names without a number are the linker's, the others are those that the libraries call each other.
 */
export async function linkLibrary({folder, gpu}: Library, packageFolder: string): Promise<void> {
  const own = join(folder, 'tensorflow')
  const deps = join(packageFolder, 'deps')
  // An addon that was built for another library must not survive it.
  for (const old of ['deps', 'lib']) {
    await rm(join(packageFolder, old), {recursive: true, force: true})
  }
  await mkdir(join(deps, 'lib'), {recursive: true})
  await symlink(join(own, 'include'), join(deps, 'include'))
  const links = [
    ['libtensorflow.so', compiled],
    [compiled, compiled],
    ['libtensorflow_framework.so', framework],
    [framework, framework],
  ] as const
  for (const [name, target] of links) await symlink(join(own, target), join(deps, 'lib', name))
  // The libraries look for CUDA in ../nvidia/*/lib, from the folder in which they were found.
  if (gpu) await symlink(join(folder, 'nvidia'), join(deps, 'nvidia'))
}

/** Is this library the one that a package is linked to? */
export function isLinkedTo({folder}: Library, packageFolder: string): boolean {
  try {
    const target = readlinkSync(join(packageFolder, 'deps/lib', compiled))
    return target === join(folder, 'tensorflow', compiled)
  } catch {
    return false
  }
}

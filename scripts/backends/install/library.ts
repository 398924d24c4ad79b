import {existsSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {cacheFolder, makeWhole} from './cache.js'
import {type Fetching, unpackWheel} from './pip.js'
import {checkRoom} from './room.js'
import {findPip} from './tools.js'

/** A build of TensorFlow's C++ library, as the wheels for Python bring it. */
export interface Library {
  readonly version: string
  /** With CUDA 12 and its libraries. */
  readonly gpu: boolean
  /** Where it is kept: `tensorflow/` and, with a GPU, `nvidia/`. */
  readonly folder: string
}

/** Bytes that are on the disk at once at most, with 2.21.0. */
const roomNeeded = {cpu: 1.3e9, gpu: 6.5e9}

export function libraryOf(version: string, gpu: boolean): Library {
  const folder = join(cacheFolder(), `tensorflow-${gpu ? 'gpu' : 'cpu'}-${version}`)
  return {version, gpu, folder}
}

export const isFetched = ({folder}: Library) => existsSync(folder)

/**
 * Downloads a library into the user's cache folder, whole or not at all.
 *
 * @throws where there is no pip, no room, no such version, or no network; says what to do
 */
export async function fetchLibrary(library: Library, fetching: Fetching): Promise<void> {
  const {version, gpu, folder} = library
  const pip = await findPip(fetching.signal)
  await checkRoom(folder, gpu ? roomNeeded.gpu : roomNeeded.cpu, fetching.host)
  const wheel = gpu ? 'tensorflow' : 'tensorflow-cpu'
  const size = gpu ? '570 MB, then 2.8 GB of CUDA' : '270 MB'
  fetching.say(`  ${wheel} ${version} with pip ${pip} (about ${size}) into ${folder}`)
  await makeWhole(folder, async (partial) => {
    const description = `${wheel.replace('-', '_')}-${version}.dist-info/`
    const headers = ['tensorflow', 'tsl', 'xla'].map((name) => `tensorflow/include/${name}/`)
    const parts = ['tensorflow/libtensorflow_', ...headers, 'tensorflow/THIRD_PARTY_NOTICES.txt']
    await unpackWheel(`${wheel}==${version}`, [...parts, description], partial, fetching)
    for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
      if (existsSync(join(partial, 'tensorflow', name))) continue
      throw new Error(
        `tensorflow: expected a version whose wheel holds ${name}, got ${version}; 2.15.0 and 2.21.0 are known to`,
      )
    }
    if (!gpu) return
    const metadata = await readFile(join(partial, description, 'METADATA'), 'utf8')
    for (const requirement of cudaRequirements(metadata)) {
      fetching.say(`  ${requirement}`)
      await unpackWheel(requirement, ['nvidia'], partial, fetching)
    }
  })
}

/**
 * The CUDA libraries that a wheel of TensorFlow wants, as pip takes them.
 *
 * @throws where it names none for CUDA 12, as releases before 2.14 do not
 */
export function cudaRequirements(metadata: string): string[] {
  const lines = metadata.matchAll(
    /^Requires-Dist: (nvidia-[\w-]+-cu12)\s*\(?([^;)]*)\)?\s*;[^\n]*and-cuda/gm,
  )
  const wanted = [...lines].map(([, name, versions = '']) => `${name}${versions.trim()}`)
  if (wanted.length > 0) return wanted
  throw new Error(
    'tensorflow: expected a version that brings CUDA 12 for --gpu (2.14.0 and later on Linux), got one that names no such libraries',
  )
}

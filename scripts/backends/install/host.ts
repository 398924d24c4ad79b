import {statfs} from 'node:fs/promises'

/** What an installation asks of the machine. */
export interface Host {
  readonly platform: string
  readonly arch: string
  /** Version of the GNU C library, `2.36`; undefined where there is none, as on Alpine. */
  readonly glibc: string | undefined
  /** Bytes that can still be written to a folder that exists. */
  freeBytes(folder: string): Promise<number>
}

/** The machine that this process runs on. */
export function thisHost(): Host {
  // Its types leave open what the header holds.
  const {header} = process.report.getReport() as unknown as {
    header: {glibcVersionRuntime?: string}
  }
  return {
    platform: process.platform,
    arch: process.arch,
    glibc: header.glibcVersionRuntime,
    async freeBytes(folder) {
      const {bavail, bsize} = await statfs(folder)
      return bavail * bsize
    },
  }
}

/**
 * That TensorFlow's wheels for Python run on this machine.
 *
 * @throws where they do not; the message says what does
 */
export function checkPlatform({platform, arch, glibc}: Host): void {
  if (platform === 'linux' && arch === 'x64' && glibc !== undefined) return
  const here = `${platform} ${arch}${platform === 'linux' && glibc === undefined ? ' without glibc' : ''}`
  throw new Error(
    `platform: expected linux x64 with glibc, which the wheels are built for, got ${here}; there \`npm install @tensorflow/tfjs-node\` may find a library of its own, webgpu reaches the GPU, and wasm always works`,
  )
}

/**
 * The names under which pip knows wheels that run here, the newest first. pip takes each for itself
 * alone: `manylinux_2_28` does not stand for `manylinux_2_17`.
 */
export function wheelPlatforms({glibc = '2.17'}: Host): string[] {
  const newest = Number(glibc.split('.')[1])
  const numbered = Array.from({length: newest - 4}, (_, index) => `manylinux_2_${newest - index}`)
  const named = ['manylinux2014', 'manylinux2010', 'manylinux1']
  return [...numbered, ...named].map((name) => `${name}_x86_64`)
}

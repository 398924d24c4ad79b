import {build} from 'esbuild'

/** A script for a browser, and the files of this project that went into it. */
export interface Bundle {
  readonly script: string
  readonly files: readonly string[]
}

/** Puts a TypeScript file and all that it imports into one script; throws where something is not for a browser. */
export async function bundleForBrowser(entry: string): Promise<Bundle> {
  const {outputFiles, metafile} = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  const files = Object.keys(metafile.inputs).filter((file) => !file.includes('node_modules/'))
  return {script: outputFiles[0]!.text, files}
}

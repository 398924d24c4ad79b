import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

const folder = fileURLToPath(new URL('../../src/simd', import.meta.url))

/** The module that is made. */
export const target = join(folder, 'binary.ts')

/**
 * Compiles the kernels of `src/simd/kernels`.
 *
 * @returns what `target` holds
 * @throws Error with what the compiler says
 */
export async function compileKernels(): Promise<string> {
  // A compiler of 100 MB, which who only uses the package does not have.
  const {default: compiler} = await import('assemblyscript/asc')
  let binary: Uint8Array | undefined
  const {error, stderr} = await compiler.main(
    [
      'kernels/index.ts',
      ...['--baseDir', folder, '--outFile', 'kernels.wasm'],
      ...['-O3', '--noAssert', '--enable', 'simd', '--runtime', 'stub', '--importMemory'],
      // Vectors are exchanged between the files alone.
      ...['--disableWarning', '112'],
    ],
    {
      readFile: (name, from) => readFile(join(from, name), 'utf8').catch(() => null),
      writeFile: (_, contents) => {
        if (typeof contents !== 'string') binary = contents
      },
      listFiles: () => [],
    },
  )
  if (error || !binary) throw new Error(`the kernels do not compile: ${error?.message}\n${stderr}`)
  const text = Buffer.from(binary).toString('base64')
  return [
    '// Made of `kernels/` by `npm run kernels`.',
    'export const binary =',
    `  '${text}'`,
    '',
  ].join('\n')
}

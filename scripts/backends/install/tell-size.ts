import {readdir, stat} from 'node:fs/promises'
import {join} from 'node:path'

/** Says every 10 seconds how large a folder has grown, until the function it returns is called. */
export function tellSize(folder: string, say: (line: string) => void): () => void {
  const clock = setInterval(async () => {
    say(`  ${Math.round((await sizeOf(folder)) / 1e6)} MB so far`)
  }, 10_000)
  return () => clearInterval(clock)
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, {recursive: true})
  // pip renames and removes its files meanwhile
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      ({size}) => size,
      () => 0,
    ),
  )
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

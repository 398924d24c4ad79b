import {createRequire} from 'node:module'
import {join} from 'node:path'

const ours = createRequire(import.meta.url)

/**
 * Lets a package that lies elsewhere, in the project one stands in, use the `@tensorflow/tfjs` that
 * is loaded here. A second copy would register every kernel again, with a warning for each, and its
 * models would be none of ours.
 */
export function shareTensorFlow(
  folder: string,
  names: readonly string[] = ['@tensorflow/tfjs', '@tensorflow/tfjs-core'],
): void {
  const theirs = createRequire(join(folder, 'package.json'))
  for (const name of names) {
    const path = theirs.resolve(name)
    const loaded = ours.cache[ours.resolve(name)]
    if (loaded && !theirs.cache[path]) theirs.cache[path] = loaded
  }
}

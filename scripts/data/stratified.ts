import seedrandom from 'seedrandom'

/**
 * The indices of `perClass` examples of each class, drawn without replacement and in increasing
 * order. They depend on the labels and the seed alone.
 *
 * @throws where a class has fewer than `perClass` examples
 *
 * @example
 * stratifiedSubset(Uint8Array.of(1, 0, 1, 0), 1, 'any') //-> one index of 1 and 3, one of 0 and 2
 */
export function stratifiedSubset(labels: Uint8Array, perClass: number, seed: string): number[] {
  const classes = [...new Set(labels)].sort((first, second) => first - second)
  return classes
    .flatMap((label) => {
      const random = seedrandom(`${seed}/${label}`)
      const drawn = Array.from(labels.keys())
        .filter((index) => labels[index] === label)
        .map((index) => ({index, key: random()}))
      if (drawn.length < perClass) {
        throw new Error(`class ${label}: expected at least ${perClass} images, got ${drawn.length}`)
      }
      return drawn.sort((first, second) => first.key - second.key).slice(0, perClass)
    })
    .map(({index}) => index)
    .sort((first, second) => first - second)
}

import seedrandom from 'seedrandom'

/**
 * Runs `work` with `Math.random` replaced by a seeded stream, and puts the original back.
 *
 * `model.fit` shuffles with Math.random and offers no seed, so this is the only way in which two
 * trainings can see their batches in the same order. Nothing else may draw meanwhile: the monitor
 * does not, by design, and the command runs nothing beside the training.
 *
 * @example
 * await withSeededRandom('shuffle/1', () => model.fit(x, y, {shuffle: true}))
 */
export async function withSeededRandom<Result>(
  seed: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const original = Math.random
  Math.random = seedrandom(seed)
  try {
    return await work()
  } finally {
    Math.random = original
  }
}

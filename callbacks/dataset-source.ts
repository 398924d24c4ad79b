import {hasMethod, wrong} from './check.js'
import {type DatasetLike, type ReadExamples, readDataset} from './dataset.js'
import type {Points} from './points.js'

/** A dataset, or a function that makes it anew each time. */
export type DatasetSource = DatasetLike | (() => DatasetLike | Promise<DatasetLike>)

/** Examples that are looked at twice: a shuffle seldom leaves so many where they were. */
const looked = 16

/** Whether something is a dataset, or may make one. */
export function isDatasetSource(given: unknown): given is DatasetSource {
  return typeof given === 'function' || isDataset(given)
}

/**
 * Reads the first `keep` examples of a dataset, as `readDataset` does, where that changes no
 * training.
 *
 * `shuffle` of tf.data has one generator of random numbers for each dataset, and moves it on whenever
 * the dataset is read: a training that is given a dataset which was read before gets its examples in
 * another order than without. A dataset that a function makes anew has a generator of its own. One that is
 * given as it is, or by a function that has no other, may be the training's: its first 16
 * examples are read a second time, and it is refused where they are others.
 *
 * That second reading begins the dataset once more, and fills the buffer of its `shuffle` again. A
 * dataset that gives the same examples each time takes no harm from it; any other is refused,
 * the training's or not, before the training begins. Not noticed is one that differs only after its
 * first 16 examples, and nothing keeps what draws from `Math.random` while it is read from taking
 * the training's numbers, however it is given.
 *
 * @throws RangeError naming the option where a dataset gives other examples each time, a function
 *   makes no dataset, or the examples do not fit
 */
export async function readDatasetSource(
  option: string,
  source: DatasetSource,
  shape: readonly number[],
  keep: number,
): Promise<ReadExamples> {
  const dataset = await makeDataset(option, source)
  const isMadeAnew = (await makeDataset(option, source)) !== dataset
  const examples = await readDataset(option, dataset, shape, keep)
  if (!isMadeAnew) await checkRepeats(option, dataset, examples.points)
  return examples
}

function isDataset(given: unknown): given is DatasetLike {
  return hasMethod(given, 'iterator')
}

async function makeDataset(option: string, source: DatasetSource): Promise<DatasetLike> {
  const made: unknown = typeof source === 'function' ? await source() : source
  if (isDataset(made)) return made
  throw wrong(option, 'the function to make a tf.data dataset', made)
}

async function checkRepeats(option: string, dataset: DatasetLike, first: Points): Promise<void> {
  const count = Math.min(looked, first.count)
  // a source that is used up has none at all
  const again = await readDataset(option, dataset, first.shape, count).catch(() => undefined)
  const values = again?.points.values ?? []
  const isSame = (value: number, index: number) => value === values[index]
  if (first.values.subarray(0, count * first.features).every(isSame)) return
  throw new RangeError(
    `${option}: expected a dataset that begins with the same examples each time it is read, got one that does ` +
      'not, as after shuffle: where a training reads it too, reading it here changes the order of its examples; ' +
      `give a function that makes it anew, ${option}: () => makeDataset()`,
  )
}

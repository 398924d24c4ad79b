import {type DatasetSource, isDatasetSource, readDatasetSource} from './dataset-source.js'
import {type Classes, type LabelsLike, readLabels} from './labels.js'
import {type Points, type PointsInput, readPoints} from './points.js'

/** Examples, with the class of each where it is known. */
export interface Examples {
  readonly points: Points
  readonly labels: Int32Array | null
  /** Columns of labels that were one-hot rows; null where they were whole numbers, or none. */
  readonly columns: number | null
}

/** The options that hold examples. */
export interface DataOptions {
  readonly data: PointsInput | DatasetSource
  readonly labels?: LabelsLike | undefined
  readonly testData?: PointsInput | DatasetSource | undefined
  readonly testLabels?: LabelsLike | undefined
  readonly keep: number
}

/**
 * Reads the training examples and the test examples to the host, once a run.
 *
 * @throws RangeError or TypeError naming the option where a shape does not fit the network's input,
 *   a number is not finite, or the labels do not fit the examples
 */
export async function readExamples(
  options: DataOptions,
  shape: readonly number[],
): Promise<{train: Examples; test: Examples | null}> {
  const {data, labels, testData, testLabels, keep} = options
  const train = await readOne(['data', 'labels'], data, labels, shape, keep)
  if (testData === undefined) return {train, test: null}
  return {train, test: await readOne(['testData', 'testLabels'], testData, testLabels, shape, keep)}
}

async function readOne(
  [name, labelName]: readonly [string, string],
  given: PointsInput | DatasetSource,
  labels: LabelsLike | undefined,
  shape: readonly number[],
  keep: number,
): Promise<Examples> {
  const {points, labels: own} = isDatasetSource(given)
    ? await readDatasetSource(name, given, shape, keep)
    : {points: await readPoints(name, given, shape), labels: null}
  const read: Classes | null =
    labels === undefined ? own : await readLabels(labelName, labels, points.count)
  return {points, labels: read?.classes ?? null, columns: read?.columns ?? null}
}

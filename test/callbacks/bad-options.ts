import {readFileSync, writeFileSync} from 'node:fs'
import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import {linearRegionMonitor, type MonitorOptions} from '../../callbacks/index.js'
import {LogError, openLog} from '../../storage/index.js'
import {type Damage, damaged, damages, smallLog} from '../storage/damage.js'
import {temporaryPath} from '../storage/sample.js'
import {smallData, smallModel, warningsOf} from './fixture.js'

const {xs, ys, values, labels} = smallData()

/** Anything at all, and what people give by mistake. */
const anything = fc.oneof(
  fc.anything({withBigInt: true, withTypedArray: true, withNullPrototype: true, maxDepth: 2}),
  fc.constantFrom<unknown>(null, Number.NaN, Infinity, -1, 0, 0.5, 1, 2, '1', '', 'all', [], {}),
  fc.constantFrom<unknown>(true, 'a\nb', Symbol('s'), 1n, () => 1, new Date(Number.NaN), [[]]),
  fc.constantFrom<unknown>([Number.NaN], [Infinity], ['l2', 'l2'], [null], [[1], [2, 3]], [['a']]),
)
const number = fc.oneof(
  {weight: 6, arbitrary: fc.integer({min: 1, max: 24})},
  {weight: 1, arbitrary: fc.oneof(fc.double(), fc.constantFrom(-1, 0, 0.5, 30, 2 ** 53, 1e308))},
)
const listOf = (...words: unknown[]) =>
  fc.array(fc.oneof({weight: 20, arbitrary: fc.constantFrom(...words)}, anything), {
    minLength: 1,
    maxLength: 3,
  })

/** Mostly what is given, so that trainings begin, and anything now and then. */
const orAnything = (...likely: fc.Arbitrary<unknown>[]) =>
  fc.oneof({weight: 6, arbitrary: fc.oneof(...likely)}, {weight: 1, arbitrary: anything})

/** What a function of the user's may do that knows no tensors. */
const plainFunction = fc.oneof(
  anything.map((value) => () => value),
  anything.map((value) => async () => value),
  anything.map((value) => () => {
    throw value
  }),
  fc.constant(() => Promise.reject(new Error('two\nlines'))),
)

/** Whatever one may do that gives points or numbers. */
const ownFunction = fc.oneof(
  plainFunction,
  fc.constantFrom<(request: {n: number; points: tf.Tensor}) => unknown>(
    ({n}) => values.slice(0, n),
    ({n}) => ({points: values.slice(0, n), originIndex: [1], labels: [2]}),
    () => tf.zeros([3, 4]),
    () => tf.fill([2, 4], Number.NaN),
    ({points}) => points?.sum(1),
    ({points}) => points,
  ),
)

const ownGroup = fc
  .record({name: fc.constantFrom<unknown>('own', 'own', ' ', '', 3), sample: ownFunction})
  .map((group) => [group])
const attackedGroup = fc
  .record({
    name: fc.constantFrom('adversarial', 'trigger'),
    radius: orAnything(number),
    steps: orAnything(fc.integer({min: 1, max: 3})),
  })
  .map((group) => [group])
const ownMeasure = fc
  .record({
    name: fc.constantFrom<unknown>('own', 'own', 'bound', 3),
    unit: fc.constantFrom<unknown>('one', 'one', '', 3),
    measure: ownFunction,
  })
  .map((measure) => [measure])

/** For each option: what is right or nearly so, and now and then anything. */
const options: Record<string, fc.Arbitrary<unknown>> = {
  data: orAnything(fc.constantFrom<unknown>(xs, values, [], [[1, 2, 3]], [[1, 2, 3, 'a']])),
  labels: orAnything(fc.constantFrom<unknown>(labels, ys, [0.5], labels.slice(1))),
  testData: orAnything(fc.constantFrom<unknown>(xs, values)),
  testLabels: orAnything(fc.constantFrom<unknown>(labels, ys)),
  keep: orAnything(number),
  database: anything.filter((value) => typeof value !== 'string'),
  spool: orAnything(fc.string()),
  patience: orAnything(number),
  run: orAnything(fc.string()),
  config: anything,
  model: anything,
  points: orAnything(number),
  groups: orAnything(
    listOf('train', 'uniform', 'gaussian', 'shuffled'),
    listOf('train', 'test', 'adversarial', 'trigger'),
    ownGroup,
    attackedGroup,
  ),
  resample: orAnything(fc.boolean()),
  radii: orAnything(
    listOf(0.1, 'median-pair*0.01', 'nearest', 'nearest*0.5', ' 1e-3 ', 'median-pair*', 1e300),
    fc.array(number, {maxLength: 2}),
  ),
  methods: orAnything(listOf('spectral', 'interval', 'crown', 'combined')),
  norms: orAnything(listOf('l2', 'linf', 2)),
  measures: orAnything(
    listOf('distance', 'bound', 'witnessed', 'patterns', 'local-complexity'),
    ownMeasure,
  ),
  every: orAnything(
    number,
    fc.record({batches: orAnything(number)}),
    fc.record({steps: orAnything(fc.array(number, {maxLength: 3}))}),
    fc.record({when: plainFunction, at: fc.constantFrom<unknown>('batch', 'epoch', 'step')}),
  ),
  seed: orAnything(number),
  resume: orAnything(fc.constantFrom('allow', 'allow', 'must')),
  runId: orAnything(fc.string()),
  budgetMs: orAnything(number),
  memory: orAnything(fc.constantFrom(2 ** 20, 2 ** 30, 1)),
  keepInputs: orAnything(fc.boolean()),
  environment: anything,
}

/** One to three options that may be wrong, and now and then one that does not exist. */
const someOptions = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(...Object.keys(options)), {minLength: 1, maxLength: 3}),
    fc.oneof({weight: 20, arbitrary: fc.constant([])}, fc.tuple(fc.string())),
  )
  .chain(([known, unknown]) =>
    fc.record(
      Object.fromEntries([
        ...known.map((name) => [name, options[name]!]),
        ...unknown.map((name) => [name, anything]),
      ]),
    ),
  )

const fit = async (callbacks: (tf.Callback | tf.CustomCallback)[]) => {
  const model = smallModel()
  const before = model.getWeights().map((weight) => weight.dataSync().slice())
  const kept = {epochs: 2, batchSize: 12, shuffle: false, verbose: 0, callbacks} as const
  const outcome = await model.fit(xs, ys, kept).then(
    ({history}) => history,
    (error: unknown) => {
      const after = model.getWeights().map((weight) => weight.dataSync())
      assert.equal(after, before, 'refused before the training')
      return error as Error
    },
  )
  model.dispose()
  model.optimizer.dispose()
  return outcome
}

/** One line that names an option that was given, or a part of one. */
function checkRefusal(error: unknown, given: object): void {
  assert.ok(error instanceof Error, String(error))
  const {message, stack} = error
  assert.not.match(message, /[\n\r]|undefined is not|not a function|Cannot (read|convert)/, stack!)
  const named = [...Object.keys(given), 'options', 'points', 'labels', 'data'].some((name) =>
    message.includes(name),
  )
  assert.ok(named, stack)
}

/**
 * Whatever the options: they are refused before the training, at once or when it begins, in one
 * line that names one; or the training goes on to the losses that it has without the monitor.
 *
 * @returns how many were refused, and how many trainings were warned
 */
export async function anyOptions(numRuns: number): Promise<{refused: number; warned: number}> {
  const plain = await fit([])
  const log = await openLog(':memory:')
  const counts = {refused: 0, warned: 0}
  await fc.assert(
    fc.asyncProperty(someOptions, async (given) => {
      const small = {data: xs, points: 3, radii: [0.1], methods: ['interval']}
      const all = {...small, database: log, ...given} as unknown as MonitorOptions
      let monitor: tf.Callback
      try {
        monitor = linearRegionMonitor(all)
      } catch (error) {
        counts.refused++
        assert.instance(error, RangeError, (error as Error).stack!)
        return checkRefusal(error, given)
      }
      const before = tf.memory().numTensors
      let outcome: unknown
      const said = await warningsOf(async () => {
        outcome = await fit([monitor])
      })
      if (outcome instanceof Error) {
        counts.refused++
        checkRefusal(outcome, given)
      } else {
        assert.equal(outcome, plain)
        if (said.length > 0) counts.warned++
        for (const text of said) assert.match(text, /^linear-regions: .*the training goes on/)
      }
      // what the user's own functions made is theirs, unless they handed it over
      assert.is(tf.memory().numTensors, before)
    }),
    {numRuns},
  )
  await log.close()
  return counts
}

/** Nothing is left of what says that a file is a database. */
const noLog: Damage = {kind: 'overwritten', at: 0, bytes: new Uint8Array(100).fill(1)}

/**
 * A damaged log, or one that is damaged while a training writes to it: the training is refused in
 * one line that names the file, or goes on to the losses that it has without the monitor.
 *
 * @returns how many were refused, and how many trained
 */
export async function damagedDatabases(
  numRuns: number,
): Promise<{refused: number; trained: number}> {
  const plain = await fit([])
  const whole = readFileSync(await smallLog())
  const counts = {refused: 0, trained: 0}
  await fc.assert(
    fc.asyncProperty(damages, fc.boolean(), async (all, during) => {
      const database = temporaryPath()
      writeFileSync(database, during ? whole : damaged(whole, all))
      const damaging = new tf.CustomCallback({
        onEpochEnd: (epoch) => {
          if (during && epoch === 0) writeFileSync(database, damaged(readFileSync(database), all))
        },
      })
      const small = {data: xs, points: 3, radii: [0.1], methods: ['interval']} as const
      let outcome: unknown
      const said = await warningsOf(async () => {
        outcome = await fit([damaging, linearRegionMonitor({...small, database})])
      })
      if (outcome instanceof Error) {
        counts.refused++
        assert.is(during, false)
        assert.instance(outcome, LogError, outcome.stack!)
        assert.ok(outcome.message.includes(database) && !outcome.message.includes('\n'))
      } else {
        assert.equal(outcome, plain)
        counts.trained++
        for (const text of said) assert.match(text, /^linear-regions: .*the training goes on/)
      }
    }),
    // Most of what is drawn spoils no byte that is read; one file is no log any more, whatever is drawn.
    {numRuns, examples: [[[noLog], false]]},
  )
  return counts
}

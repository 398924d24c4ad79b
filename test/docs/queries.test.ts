import {join} from 'node:path'
import * as tf from '@tensorflow/tfjs'
import {sql} from 'kysely'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {linearRegionMonitor} from '../../callbacks/index.js'
import {presets} from '../../scripts/experiments/presets.js'
import {openLog, type Snapshot} from '../../storage/index.js'
import {temporaryFolder} from '../support/folder.js'
import {blocksOf, pages} from '../support/markdown.js'

const test = suite('queries of the manual')

/** Every query, and the block of output that follows it, if one does. */
const queries = pages().flatMap((page) => {
  const blocks = blocksOf(page)
  return blocks
    .map((block, index) => ({...block, next: blocks[index + 1]}))
    .filter(({language}) => language === 'sql')
    .map(({file, line, text, next}) => ({
      place: `${file}:${line}`,
      text,
      output: next?.language === 'text' ? next.text : undefined,
    }))
})

const database = join(temporaryFolder(), 'queries.db')

/** What `reproduce` logs, of networks that are small and hardly learn. */
test.before(async () => {
  await tf.setBackend('cpu')
  const {groups, radii, methods, epochs, seeds} = presets.quick
  const log = await openLog(database)
  for (const seed of seeds) {
    const examples = tf.randomUniform([40, 4], 0, 1, 'float32', seed)
    const labels = tf.tidy(() => examples.sum(1).greater(2).toInt())
    const model = tf.sequential({
      layers: [
        ...[6, 6, 6].map((units, l) =>
          tf.layers.dense({units, activation: 'relu', ...(l === 0 && {inputShape: [4]})}),
        ),
        tf.layers.dense({units: 2, activation: 'softmax'}),
      ],
    })
    model.compile({optimizer: 'sgd', loss: 'categoricalCrossentropy', metrics: ['accuracy']})
    const monitor = linearRegionMonitor({
      data: examples,
      labels,
      testData: examples,
      testLabels: labels,
      database: log,
      run: 'mlp-128x3',
      points: 16,
      groups,
      radii,
      methods,
      seed,
      environment: {refused: [{name: 'tfjs-node', why: 'it is not installed'}]},
    })
    await model.fit(examples, tf.oneHot(labels, 2), {epochs, verbose: 0, callbacks: [monitor]})
    if (seed === seeds.at(-1)) await log.writeSnapshot(monitor.runId!, failedSnapshot(epochs + 1))
  }
  await log.close()
})

function failedSnapshot(epoch: number): Snapshot {
  const nothing = {points: [], distances: [], bounds: [], measurements: [], timings: {}}
  return {...nothing, step: 1000, epoch, status: 'failed', reason: 'a weight is NaN'}
}

test('there are five in the README, with their output', () => {
  const own = queries.filter(({place}) => place.startsWith('README.md'))
  assert.ok(own.length >= 5)
  for (const {place, output} of own) assert.ok(output, place)
})

test('there are at least ten on the page of the log', () => {
  assert.ok(queries.filter(({place}) => place.startsWith('docs/log.md')).length >= 10)
})

for (const {place, text, output} of queries) {
  test(`${place} runs, and gives the columns that are shown`, async () => {
    const log = await openLog(database, {readonly: true})
    try {
      const {rows} = await sql.raw<object>(text).execute(log.db)
      assert.ok(rows.length > 0, 'no rows')
      if (output === undefined) return
      const [head = ''] = output.split('\n').filter((line) => /\w/.test(line))
      assert.equal(head.match(/\w+/g), Object.keys(rows[0]!))
    } finally {
      await log.close()
    }
  })
}

test.run()

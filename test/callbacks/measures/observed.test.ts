import {test} from 'uvu'
import * as assert from 'uvu/assert'
import {linearRegionMonitor, type MonitorOptions} from '../../../callbacks/index.js'
import {observedMeasures} from '../../../callbacks/measures/index.js'
import {readOptions} from '../../../callbacks/options.js'
import {prepare} from '../../../callbacks/prepare.js'
import {takeSnapshot} from '../../../callbacks/take-snapshot.js'
import {readNetwork, witnessedUnits} from '../../../src/index.js'
import {keepsTensors} from '../../support/tensors.js'
import {memoryLog, smallData, smallModel} from '../fixture.js'

const {xs} = smallData()
const model = smallModel({units: 12})
const names = ['witnessed', 'patterns', 'local-complexity'] as const
const rules = ['0.3', '0.9', 'nearest*0.5']
const take = async (options: Partial<MonitorOptions> = {}, step = 0) =>
  keepsTensors(async () => {
    const settings = readOptions({
      data: xs,
      points: 5,
      radii: [0.3, 0.9, 'nearest*0.5'],
      measures: ['bound', ...names],
      keepInputs: true,
      ...options,
    })
    return takeSnapshot(await prepare(settings, {watched: model}), step)
  })
type Taken = Awaited<ReturnType<typeof take>>
const valuesOf = ({measurements}: Taken, name: string, rule: string) =>
  measurements.find((one) => one.measure === name && one.rule === rule)!.value

test('each is a row a point and radius rule', async () => {
  const taken = await take()
  assert.is(taken.reason, null)
  assert.equal(
    taken.measurements.map(({measure, rule, value}) => `${measure} ${rule} ${value.length}`),
    names.flatMap((name) => rules.map((rule) => `${name} ${rule} 10`)),
  )
  for (const name of names) assert.ok(taken.timings[name]! >= 0, name)
})

test('none is measured by default', async () => {
  const settings = readOptions({data: xs})
  assert.equal([...settings.measures.core], ['distance', 'bound'])
  const taken = await take({measures: ['distance', 'bound']})
  assert.equal(taken.measurements, [])
})

test('they lie below the bound, and are more than nothing', async () => {
  const taken = await take()
  const bounds = taken.bounds.filter(({method}) => method === 'combined')
  let [units, patterns, crossed] = [0, 0, 0]
  for (const {rule, unstable, log2Regions} of bounds) {
    log2Regions.forEach((bits, point) => {
      const most = unstable.reduce((sum, layer) => sum + layer[point]!, 0)
      assert.ok(valuesOf(taken, 'witnessed', rule)[point]! <= most, `${rule}, point ${point}`)
      assert.ok(valuesOf(taken, 'local-complexity', rule)[point]! <= most)
      assert.ok(valuesOf(taken, 'patterns', rule)[point]! <= bits + 1e-9)
      units += valuesOf(taken, 'witnessed', rule)[point]!
      patterns += valuesOf(taken, 'patterns', rule)[point]!
      crossed += valuesOf(taken, 'local-complexity', rule)[point]!
    })
  }
  assert.ok(Math.min(units, patterns, crossed) > 10, `${units}, ${patterns}, ${crossed}`)
})

test('the witnessed units are those of the public function at the same points', async () => {
  const taken = await take()
  const points = taken.points.map(({input}) => [...input!])
  const {witnessed} = await witnessedUnits(readNetwork(model), points, 0.9)
  assert.equal([...valuesOf(taken, 'witnessed', '0.9')], [...witnessed[0]!])
})

test('alone, with the bounds, or one after another in a budget: the same numbers', async () => {
  const together = await take({methods: ['spectral', 'combined']})
  for (const options of [
    {measures: [...names].reverse()},
    {methods: ['spectral'] as const},
    {budgetMs: 1e6},
  ]) {
    const other = await take(options)
    for (const name of names) {
      for (const rule of rules)
        assert.equal(valuesOf(other, name, rule), valuesOf(together, name, rule), name)
    }
  }
})

test('samples belong to the seed and the step', async () => {
  const fixed = {resample: false, groups: ['train']} as const
  const [one, same, later] = [await take(fixed, 3), await take(fixed, 3), await take(fixed, 4)]
  assert.equal(one.measurements, same.measurements)
  assert.equal(valuesOf(one, 'witnessed', '0.9'), valuesOf(later, 'witnessed', '0.9'))
  assert.not.equal(
    rules.map((rule) => valuesOf(one, 'patterns', rule)),
    rules.map((rule) => valuesOf(later, 'patterns', rule)),
  )
})

test('radii are needed', () => {
  for (const name of names) {
    assert.throws(
      () => readOptions({data: xs, measures: [name], radii: []}),
      /radii: expected at least one/,
    )
  }
})

test('the run says what is measured, in which unit', async () => {
  const log = memoryLog()
  const monitor = linearRegionMonitor({data: xs, points: 2, database: log, measures: names, model})
  await monitor.measure({step: 0, epoch: 0})
  await monitor.finish()
  assert.equal(log.runs[0]!.measures, [
    {name: 'witnessed', unit: 'units'},
    {name: 'patterns', unit: 'log2 regions'},
    {name: 'local-complexity', unit: 'units'},
  ])
  assert.equal(Object.keys(observedMeasures), [...names])
})

test.run()

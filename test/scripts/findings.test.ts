import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {compare} from '../../scripts/findings/compare.js'
import {
  type Finding,
  findingsMarkdown,
  findingsOf,
  findingsTable,
  gridTable,
} from '../../scripts/findings/index.js'
import {tInterval} from '../../scripts/findings/interval.js'
import type {Log} from '../../storage/log.js'
import {near} from '../support/near.js'
import {rejects} from '../support/rejects.js'
import {emptyLog, type Synthetic, syntheticRun} from './figures/synthetic-log.js'

interface Context {
  log: Log
}

const test = suite<Context>('findings')

test.before.each(async (context) => {
  context.log = await emptyLog()
})

test.after.each(async ({log}) => {
  await log.close()
})

/** Three seeds whose medians are exact: `spread` 0. */
async function seeds(log: Log, of: (seed: number) => Synthetic): Promise<void> {
  for (const seed of [1, 2, 3]) {
    await syntheticRun(log, {seed, steps: [0, 10, 63], points: 5, spread: 0, ...of(seed)})
  }
}

const close = (actual: number | null, expected: number, absolute = 1e-12) =>
  near([actual!], [expected], {relative: absolute, scale: 1})

const pick = (findings: readonly Finding[], subject: RegExp, compared: string) =>
  findings.find((one) => subject.test(one.subject) && one.compared === compared)!

const effects = (finding: Finding) => finding.seeds.map(({effect}) => effect)

test("the interval is Student's, by the tables", () => {
  // t(0.975, n - 1) from printed tables: 12.706, 4.303, 3.182, 2.776; s of 1..n by hand.
  const half = (values: readonly number[]) => tInterval(values).high! - tInterval(values).mean
  close(half([1, 2]), 12.7062 * Math.sqrt(0.5 / 2), 1e-4)
  close(half([1, 2, 3]), 4.30265 * Math.sqrt(1 / 3), 1e-4)
  close(half([1, 2, 3, 4]), 3.18245 * Math.sqrt(5 / 3 / 4), 1e-4)
  close(half([1, 2, 3, 4, 5]), 2.77645 * Math.sqrt(2.5 / 5), 1e-4)
  assert.equal(tInterval([7]), {mean: 7, low: null, high: null})
})

test('a verdict needs every seed on one side, and the interval too', () => {
  const verdict = (...values: (number | null)[]) =>
    compare(values.map((effect, seed) => ({seed, effect}))).verdict
  assert.is(verdict(0.9, 1, 1.1), 'reproduced')
  assert.is(verdict(-0.9, -1, -1.1), 'reversed')
  // The interval of 1, 2, 9 is 4 -/+ 10.8.
  assert.is(verdict(1, 2, 9), 'undecided')
  // 20 seeds at 1 and one at -0.01: the interval excludes 0, one seed does not agree.
  assert.is(verdict(...Array.from({length: 20}, () => 1), -0.01), 'undecided')
  assert.is(verdict(1), 'undecided')
  assert.is(verdict(0, 0, 0), 'undecided')
  assert.is(verdict(1, 1, null), 'undecided')
  assert.is(verdict(null), 'undecided')
})

test('A: boundaries that move away are the logarithm of the ratio of medians', async ({log}) => {
  // Training points: 1 at step 0, 8 in between, 2, 3 and 4 at the end. Uniform points stay.
  await seeds(log, (seed) => ({
    distance: (group, step) => (group === 'uniform' || step === 0 ? 1 : step === 10 ? 8 : seed + 1),
  }))
  const {findings} = await findingsOf(log)
  const moved = pick(findings, /distance/, 'train, last / step 0')
  const expected = [2, 3, 4].map(Math.log)
  for (const [place, effect] of effects(moved).entries()) close(effect, expected[place]!)
  // ln 2, ln 3, ln 4: mean ln(24) / 3, s = 0.348237, half 4.302653 s / sqrt(3) = 0.865070.
  close(moved.mean, Math.log(24) / 3)
  close(moved.low, 1.059351 - 0.86507, 1e-5)
  close(moved.high, 1.059351 + 0.86507, 1e-5)
  assert.is(moved.verdict, 'reproduced')
  assert.match(moved.sentence, 'boundaries moved away from the training points')
  assert.match(moved.sentence, '×2.88 (95 % interval over 3 seeds ×1.21 to ×6.85)')
  close(pick(findings, /distance/, 'train, peak / step 0').mean, Math.log(8))
  close(pick(findings, /distance/, 'train, last / peak').mean, Math.log(24) / 3 - Math.log(8))
  const control = pick(findings, /distance/, 'uniform, last / step 0')
  assert.equal(effects(control), [0, 0, 0])
  assert.is(control.verdict, null)
})

test('A: the way there: when the median was least and greatest, and how far it came back', async ({
  log,
}) => {
  // Of seed 2 the greatest median is at step 63, of the others at step 10.
  const way = (seed: number): Record<number, number> => ({
    0: 4,
    1: 1,
    10: seed === 2 ? 7 : 8,
    63: seed === 2 ? 8 : 5,
    126: 2,
  })
  const steps = [0, 1, 10, 63, 126]
  await seeds(log, (seed) => ({steps, distance: (_, step) => way(seed)[step]!}))
  const {findings} = await findingsOf(log)
  const least = pick(findings, /distance/, 'train, least / step 0')
  close(least.mean, Math.log(1 / 4))
  assert.equal(least.epochs, [1 / 63, 1 / 63, 1 / 63])
  const peak = pick(findings, /distance/, 'train, peak / step 0')
  close(peak.mean, Math.log(2))
  assert.equal(peak.epochs, [10 / 63, 1, 10 / 63])
  close(pick(findings, /distance/, 'train, last / peak').mean, Math.log(2 / 8))
  assert.ok([least, peak].every(({verdict}) => verdict === null))
})

test('A: boundaries that come nearer are reversed, seeds that differ are undecided', async ({
  log,
}) => {
  await seeds(log, (seed) => ({distance: (_, step) => 1 + (step === 63 ? -0.1 * (seed + 1) : 0)}))
  await seeds(log, (seed) => ({
    name: 'mixed',
    distance: (_, step) => (step === 63 ? seed : 2),
  }))
  const {findings} = await findingsOf(log)
  const verdict = (name: string) =>
    findings.find(({run, compared}) => run === name && compared === 'train, last / step 0')!.verdict
  assert.is(verdict('mlp-128x3'), 'reversed')
  assert.is(verdict('mixed'), 'undecided')
})

test('B: the difference of median log2 bounds, at each time and radius', async ({log}) => {
  // Bits: uniform 10, training 12, 13, 14 at step 0 and 7, 8, 9 later; nothing at the least radius.
  await seeds(log, (seed) => ({
    bound: (group, step, radius) =>
      radius < 0.02 ? 0 : group === 'uniform' ? 10 : (step === 0 ? 11 : 6) + seed,
  }))
  const {findings} = await findingsOf(log)
  const before = pick(findings, /train minus uniform/, 'r = median-pair*0.01, step 0')
  assert.equal(effects(before), [2, 3, 4])
  // 3 -/+ 4.302653 / sqrt(3).
  close(before.low, 3 - 2.484138, 1e-5)
  assert.is(before.verdict, 'reproduced')
  assert.match(before.sentence, 'a greater upper bound around training points')
  assert.match(before.sentence, 'this compares upper bounds, not counts')
  const after = pick(findings, /train minus uniform/, 'r = median-pair*0.003, last')
  assert.equal(effects(after), [-3, -2, -1])
  // -2 + 2.484138 is above 0: every seed agrees, the interval does not.
  assert.is(after.verdict, 'undecided')
  const least = pick(findings, /train minus uniform/, 'r = median-pair*0.001, step 0')
  assert.equal(effects(least), [0, 0, 0])
  assert.is(least.verdict, 'undecided')
  const spectral = await findingsOf(log, {method: 'spectral'})
  assert.equal(
    effects(pick(spectral.findings, /\(spectral\)/, 'r = median-pair*0.01, step 0')),
    [3, 4.5, 6],
  )
})

test('B: each other group is compared at each radius', async ({log}) => {
  await seeds(log, () => ({groups: ['train', 'mine', 'uniform']}))
  const {findings} = await findingsOf(log)
  const rows = findings.filter(({finding}) => finding === 'B')
  assert.equal(
    [...new Set(rows.map(({group, radiusRule}) => `${group} ${radiusRule}`))],
    ['uniform', 'mine'].flatMap((group) =>
      ['0.001', '0.003', '0.01'].map((factor) => `${group} median-pair*${factor}`),
    ),
  )
  assert.is(rows.length, 12)
})

test('B: a verdict at each snapshot that all seeds have', async ({log}) => {
  // Bits more around training points: 2 at step 0, -2 at 10, seeds that differ at 63.
  const more = (seed: number, step: number) => (step === 0 ? 2 : step === 10 ? -2 : seed - 2)
  await seeds(log, (seed) => ({
    steps: seed === 3 ? [0, 5, 10, 63] : [0, 10, 63],
    groups: ['train', 'uniform', 'test'],
    bound: (group, step) => (group === 'train' ? 10 + more(seed, step) : 10),
  }))
  const found = await findingsOf(log)
  const course = found.courses.find(({group}) => group === 'uniform')!
  assert.equal(
    course.moments.map(({step, verdict}) => [step, verdict]),
    [
      [0, 'reproduced'],
      [10, 'reversed'],
      [63, 'undecided'],
    ],
  )
  assert.equal(
    course.moments.map(({mean, epoch}) => [mean, epoch]),
    [
      [2, 0],
      [-2, 10 / 63],
      [0, 1],
    ],
  )
  const rows = gridTable(found)
    .split('\n')
    .filter((line) => line.includes('median-pair'))
  assert.is(rows.length, 3)
  for (const row of rows) assert.match(row, '│ +2.00 to 0.00 +-. │')
  // Test points are not arbitrary: they have a course, and no column.
  assert.is(found.courses.length, 6)
  assert.not.match(gridTable(found), '│ test')
})

test('B: points of the test set are not arbitrary and have no verdict', async ({log}) => {
  await seeds(log, () => ({
    groups: ['train', 'test'],
    bound: (group) => (group === 'train' ? 9 : 5),
  }))
  const {findings} = await findingsOf(log)
  const rows = findings.filter(({finding}) => finding === 'B')
  assert.is(rows.length, 6)
  assert.ok(rows.every(({verdict, mean}) => verdict === null && mean === 4))
})

test('an infinite median has no ratio: the row is undecided and the notes say so', async ({
  log,
}) => {
  await seeds(log, (seed) => ({
    distance: (_, step) => (step === 63 ? 3 : 1),
    infinite: (_, step) => (seed === 2 && step === 63 ? 1 : 0),
  }))
  const {findings, notes} = await findingsOf(log)
  const moved = pick(findings, /distance/, 'train, last / step 0')
  assert.equal(
    effects(moved).map((effect) => effect === null),
    [false, true, false],
  )
  assert.is(moved.verdict, 'undecided')
  assert.ok(notes.some((note) => note.includes('infinite, 0 or not logged')))
  assert.match(findingsTable({findings, notes}), '×3.00 - ×3.00')
})

test('runs that failed are left out; one seed decides nothing', async ({log}) => {
  await syntheticRun(log, {seed: 1, steps: [0, 63], status: 'failed'})
  await rejects(findingsOf(log), 'run: all chosen runs')
  await syntheticRun(log, {seed: 2, steps: [0, 63]})
  const {findings, notes} = await findingsOf(log)
  assert.ok(findings.every(({seeds}) => seeds.length === 1 && seeds[0]!.seed === 2))
  assert.ok(findings.every(({verdict}) => verdict === null || verdict === 'undecided'))
  assert.ok(notes.includes('Left out: mlp-128x3, seed 1 (failed).'))
  assert.ok(notes.some((note) => note.startsWith('One seed alone')))
})

test('a seed that diverged is left out and named, and takes no moment from the others', async ({
  log,
}) => {
  // Training points: ×2 and ×3, 2 bits more than around uniform ones; seed 3 is NaN after step 0.
  await seeds(log, (seed) => ({
    distance: (group, step) => (group === 'train' && step === 63 ? seed + 1 : 1),
    bound: (group) => (group === 'train' ? 12 : 10),
    failed: (step) => seed === 3 && step > 0,
  }))
  const found = await findingsOf(log)
  const moved = pick(found.findings, /distance/, 'train, last / step 0')
  assert.equal(
    moved.seeds.map(({seed}) => seed),
    [1, 2],
  )
  close(moved.mean, Math.log(6) / 2)
  assert.ok(found.findings.every(({seeds: some}) => some.length === 2))
  for (const {moments} of found.courses)
    assert.equal(
      moments.map(({step, verdict}) => [step, verdict]),
      [
        [0, 'reproduced'],
        [10, 'reproduced'],
        [63, 'reproduced'],
      ],
    )
  const note =
    'Left out of A and B, since not measured to the end: mlp-128x3, seed 3 (measured up to step 0 of 63: ' +
    '2 later snapshots failed).'
  assert.ok(found.notes.includes(note), found.notes.join('\n'))
  assert.match(gridTable(found).replaceAll('\n', ' '), note)
})

test('a run alone that diverged, or that never was measured, has no rows', async ({log}) => {
  const short = {steps: [0, 10, 63], points: 3}
  await syntheticRun(log, {...short, name: 'diverged', failed: (step) => step > 0})
  await syntheticRun(log, {...short, name: 'dead', failed: () => true})
  await syntheticRun(log, {...short, name: 'sound'})
  const {findings, courses, notes} = await findingsOf(log)
  assert.equal(new Set([...findings, ...courses].map(({run}) => run)), new Set(['sound']))
  assert.ok(
    notes.includes(
      'Left out of A and B, since not measured to the end: diverged, seed 1 (measured at step 0 alone: ' +
        '2 later snapshots failed); dead, seed 1 (every snapshot failed).',
    ),
    notes.join('\n'),
  )
})

test('of unfinished runs those that are behind are left out', async ({log}) => {
  for (const seed of [1, 2]) {
    const steps = seed === 1 ? [0, 10, 63] : [0, 10]
    await syntheticRun(log, {seed, steps, points: 3, status: 'running'})
  }
  const {findings, notes} = await findingsOf(log)
  assert.ok(findings.every(({seeds: some}) => some.length === 1 && some[0]!.seed === 1))
  assert.ok(
    notes.some((note) => note.includes('(measured up to step 10 of 63: the run is unfinished)')),
  )
})

test('a network that was measured once has bounds to compare, and no way to tell of', async ({
  log,
}) => {
  await seeds(log, () => ({steps: [0]}))
  const {findings, notes} = await findingsOf(log)
  assert.equal(new Set(findings.map(({finding}) => finding)), new Set(['B']))
  assert.ok(findings.every(({seeds: some}) => some.length === 3))
  assert.ok(notes.some((note) => note.startsWith('Left out of A, since not measured to the end: ')))
})

test('the table fits a terminal, and both tables hold the same numbers', async ({log}) => {
  await seeds(log, () => ({groups: ['train', 'adversarial'], spread: 1}))
  const found = await findingsOf(log)
  const terminal = findingsTable(found)
  const widest = Math.max(...terminal.split('\n').map((line) => line.length))
  assert.ok(widest <= 100, `${widest} columns`)
  assert.not.match(terminal, '\u001b')
  const markdown = findingsMarkdown(found)
  const moved = pick(found.findings, /distance/, 'train, last / step 0')
  const factor = `×${Math.exp(moved.mean!).toPrecision(3)}`
  assert.match(terminal, factor)
  assert.match(markdown, `| train, last / step 0 | ${factor} |`)
  assert.match(gridTable(found), `│ mlp-128x3 │ ${factor} `)
  assert.match(markdown, `| mlp-128x3 | ${factor} |`)
  assert.match(markdown, 'median-pair\\*0.001')
  const tables = markdown.split('\n\n').filter((part) => part.startsWith('|'))
  assert.is(tables.length, 2)
  for (const table of tables) {
    const columns = table
      .trim()
      .split('\n')
      .map((line) => line.split(' | ').length)
    assert.equal(new Set(columns).size, 1)
  }
  assert.equal(JSON.parse(JSON.stringify(found)), found)
})

test('a norm or method that was not logged is refused by name', async ({log}) => {
  await seeds(log, () => ({}))
  await rejects(findingsOf(log, {norm: 'linf'}), 'norm: expected one of l2')
  await rejects(findingsOf(log, {method: 'crown'}), 'method: expected one of combined, spectral')
})

test.run()

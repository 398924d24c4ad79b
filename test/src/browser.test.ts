import {readdirSync, readFileSync} from 'node:fs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {methods} from '../../src/index.js'
import {bundleForBrowser} from '../support/browser/bundle.js'
import {inBrowser} from '../support/browser/in-browser.js'
import type {Answer, Found, Task} from '../support/browser/measure-references.js'
import {openPage} from '../support/browser/open-page.js'
import {temporaryFolder} from '../support/folder.js'
import {type Reference, references} from '../support/reference.js'
import {checkBounds, checkCounts, checkDistance} from '../support/reference-checks.js'

const {script, files} = await bundleForBrowser('test/support/browser/measure-references.ts')

const bundle = suite('src bundled for a browser')

bundle('needs nothing of Node and no other folder', () => {
  assert.ok(files.includes('src/index.ts'))
  // what a package says it does without in a browser is called disabled
  const others = files.filter((file) => !/^(src\/|test\/support\/|\(disabled\):)/.test(file))
  assert.equal(others, [])
})

bundle.run()

const pages = suite('a page in headless Chromium')

/** Command lines of running processes that name a folder, where the system tells. */
function processesIn(folder: string): string[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return []
    try {
      const line = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ')
      return line.includes(folder) ? [line] : []
    } catch {
      return []
    }
  })
}

inBrowser(pages, 'answers, and leaves no process behind', async (program) => {
  const folder = temporaryFolder()
  const twice = 'question().then(({value}) => answer(2 * value))'
  const answer = await openPage(program, {script: twice, question: {value: 21}, folder, limit: 60})
  assert.is(answer, 42)
  assert.equal(processesIn(folder), [])
})

for (const [what, failing, limit, message] of [
  ['throws', 'throw new Error("deliberate")', 60, /in the page: Error: deliberate/],
  ['never answers', '', 2, /gave no answer within 2 s/],
] as const) {
  inBrowser(pages, `that ${what} fails, and leaves no process behind`, async (program) => {
    const folder = temporaryFolder()
    const opened = openPage(program, {script: failing, question: null, folder, limit})
    assert.match(await messageOf(opened), message)
    assert.equal(processesIn(folder), [])
  })
}

async function messageOf(failing: Promise<unknown>): Promise<string> {
  try {
    await failing
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('it did not fail')
}

pages.run()

const convolution = references.find(({name}) => name === 'conv-6x6')!
const leaky = references.find(({name}) => name === 'mlp-2d-leaky')!
// WebGL without a GPU spends a second on each new shape: the smallest ball alone
const tasks: readonly Task[] = [
  {backend: 'cpu', reference: convolution, radii: radiiOf(convolution), sparing: false},
  {backend: 'cpu', reference: leaky, radii: radiiOf(leaky), sparing: false},
  {
    backend: 'webgl',
    reference: convolution,
    radii: radiiOf(convolution).slice(0, 1),
    sparing: false,
  },
  {backend: 'webgl', reference: leaky, radii: radiiOf(leaky).slice(0, 1), sparing: true},
]

function radiiOf({expected}: Reference): number[] {
  return expected[0]!.balls.map(({radius}) => radius)
}

let answered: Promise<Answer> | undefined

/** One page does all the tasks, at the first call; undefined where it does not have the task's backend. */
async function foundFor(program: string, task: Task): Promise<Found | undefined> {
  answered ??= openPage(program, {
    script,
    question: tasks,
    folder: temporaryFolder(),
    limit: 90,
  }) as Promise<Answer>
  const {found, userAgent} = await answered
  const own = found[tasks.indexOf(task)]
  if (own) return own
  assert.not.equal(task.backend, 'cpu', 'every browser has the backend cpu')
  console.log(`\n*** ${userAgent} has no ${task.backend}: src is NOT tested on it\n`)
  return undefined
}

for (const task of tasks) {
  const {name, centers, expected} = task.reference
  const how = task.sparing ? 'without reading back ' : ''
  const test = suite(`${name} ${how}on ${task.backend} in headless Chromium`)

  inBrowser(test, 'distances are those of the vectors', async (program) => {
    const found = await foundFor(program, task)
    if (!found) return
    const {l2, linf, layer, unit} = found.distances
    expected.forEach((wanted, c) => {
      checkDistance(l2[c]!, wanted.distance, `l2, center ${c}`)
      checkDistance(linf[c]!, wanted.distanceLinf, `linf, center ${c}`)
      assert.equal([layer[c], unit[c]], [wanted.distanceLayer, wanted.distanceNeuron])
    })
    assert.is(found.leaked, 0, 'tensors left behind')
  })

  inBrowser(test, 'bounds and counts are those of the vectors', async (program) => {
    const found = await foundFor(program, task)
    if (!found) return
    assert.is(found.bounds.length, methods.length * task.radii.length)
    for (const {method, radius, lower, upper, unstable, active, log2Regions} of found.bounds) {
      expected.forEach(({balls}, c) => {
        const ball = balls.find((one) => one.radius === radius)!
        const own = (all: number[]) => {
          const units = all.length / centers.length
          return Float32Array.from(all.slice(c * units, (c + 1) * units))
        }
        lower.forEach((low, l) => {
          checkBounds(method, ball, l, own(low), own(upper[l]!))
        })
        const counts = [unstable, active].map((layers) => layers.map((layer) => layer[c]!))
        checkCounts(method, ball, counts[0]!, counts[1]!, log2Regions[c]!)
      })
    }
  })

  test.run()
}

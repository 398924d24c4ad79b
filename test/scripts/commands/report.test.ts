import {readdirSync, readFileSync} from 'node:fs'
import {basename, dirname} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {drawFigure, figures} from '../../../scripts/figures/index.js'
import {findingsOf} from '../../../scripts/findings/index.js'
import {ask, type Row} from '../../../scripts/sql/ask.js'
import {readStatement} from '../../../scripts/sql/statement.js'
import {openLog} from '../../../storage/log.js'
import {temporaryPath} from '../../storage/sample.js'
import {runCaptured} from '../capture.js'
import {emptyLog, syntheticLog, syntheticRun} from '../figures/synthetic-log.js'
import {hostileLog} from '../report/hostile-log.js'

const test = suite('report')

const points = 6
const steps = [0, 1, 63]
let database = ''

test.before(async () => {
  const log = await syntheticLog({steps, points})
  database = log.path
  await log.close()
})

async function reported(path: string, ...words: readonly string[]): Promise<string> {
  const out = temporaryPath('report.html')
  const argv = ['report', '--database', path, '--out', out, ...words]
  assert.equal(await runCaptured(argv), {code: 0, stdout: `${out}\n`, stderr: ''})
  assert.equal(readdirSync(dirname(out)), ['report.html'])
  return readFileSync(out, 'utf8')
}

const unescaped = (text: string) =>
  text.replaceAll(/&(lt|gt|quot|#39|amp);/g, (_all, name) => signs[name as keyof typeof signs])
const signs = {lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&'}

/** The questions in a part of a page. */
function questionsIn(part: string): string[] {
  const details = part.matchAll(/<details class="sql">(.*?)<\/details>/gs)
  return [...details].flatMap(([, inside = '']) =>
    [...inside.matchAll(/<pre><code>(.*?)<\/code><\/pre>/gs)].map(([, sql = '']) => unescaped(sql)),
  )
}

async function answerTo(path: string, sql: string): Promise<readonly Row[]> {
  const log = await openLog(path, {readonly: true})
  try {
    return await ask(log, readStatement(sql), async ({rows}) => {
      const all: Row[] = []
      for await (const row of rows) all.push(row)
      return all
    })
  } finally {
    await log.close()
  }
}

test('shows every figure as SVG, the same as plot draws', async () => {
  const page = await reported(database)
  const {render} = await import('../../../scripts/figures/render.js')
  const log = await openLog(database, {readonly: true})
  let shown = 0
  for (const {name} of figures) {
    const spec = await drawFigure(log, name).catch(() => undefined)
    const figure = new RegExp(`<figure id="${name}"[^>]*>(.*?)</figure>`, 's').exec(page)?.[1]
    assert.is(figure !== undefined, spec !== undefined, name)
    if (!spec || !figure) continue
    shown++
    assert.ok(figure.includes(String(await render(spec, 'svg'))))
    assert.ok(questionsIn(figure).length > 0)
  }
  await log.close()
  assert.is(shown, 8)
  assert.match(page, /Not drawn: groups needs adversarial or trigger points/)
})

test('holds the SQL behind each figure: it runs, and gives every number that is drawn', async () => {
  const page = await reported(database)
  const rowsOf = async (figure: string, table: string) => {
    const part = new RegExp(`<figure id="${figure}".*?</figure>`, 's').exec(page)![0]
    const sql = questionsIn(part).find((question) =>
      question.includes(`\nfrom ${table}\ninner join points`),
    )
    return answerTo(database, sql!)
  }
  // This log holds nothing that is seen in the balls.
  for (const sql of questionsIn(page).filter((one) => !/'(witnessed|patterns)'/.test(one)))
    assert.ok((await answerTo(database, sql)).length > 0, sql)
  const ofPoints = steps.length * points * 2 * 3
  const distances = await rowsOf('distance-over-training', 'distances')
  assert.is(distances.length, ofPoints)
  const log = await openLog(database, {readonly: true})
  const sum = (values: readonly unknown[]) =>
    values.reduce<number>((all, one) => all + Number(one), 0)
  const logged = await log.db.selectFrom('distances').select('distance').execute()
  await log.close()
  assert.ok(
    Math.abs(
      sum(distances.map(({distance}) => distance)) - sum(logged.map(({distance}) => distance)),
    ) < 1e-9,
  )
  assert.is((await rowsOf('bound-over-training', 'bounds')).length, ofPoints * 3)
})

test('has the findings, with their verdicts', async () => {
  const page = await reported(database)
  const log = await openLog(database, {readonly: true})
  const {findings, notes} = await findingsOf(log)
  await log.close()
  for (const {sentence} of findings.filter(({verdict}) => verdict)) {
    assert.ok(unescaped(page).includes(sentence), sentence)
  }
  for (const note of notes) assert.ok(unescaped(page).includes(note), note)
  const verdicts = page.match(/<td><span class="verdict \w+">/g)
  assert.is(verdicts?.length, findings.filter(({verdict}) => verdict).length)
})

test('has the row of each run', async () => {
  const page = await reported(database)
  const log = await openLog(database, {readonly: true})
  const runs = await log.db.selectFrom('runs').selectAll().execute()
  await log.close()
  for (const {id, host, node_version} of runs) {
    assert.match(page, `<dt>id</dt><dd>${id}</dd>`)
    assert.match(page, host)
    assert.match(page, node_version)
  }
  assert.is(page.match(/<details class="run">/g)?.length, 3)
  assert.match(page, '0: dense_1 (Dense, 128 units)')
})

test('takes the runs and groups that are asked for', async () => {
  const log = await emptyLog()
  await syntheticRun(log, {name: 'first', steps, points})
  await syntheticRun(log, {name: 'second', steps, points})
  await log.close()
  const page = await reported(log.path, '--run', 'second', '--group', 'uniform')
  assert.match(page, '<h1>second</h1>')
  assert.not.match(page, 'first, seed')
  assert.not.match(/<figure id="distance-over-training".*?<\/svg>/s.exec(page)![0], 'train points')
  const both = await reported(log.path)
  assert.match(both, '<h1>first, second</h1>')
})

test('says so where something cannot be had', async () => {
  const log = await emptyLog()
  await syntheticRun(log, {steps: [0], points: 2, infinite: () => 1, status: 'failed'})
  await log.close()
  const page = await reported(log.path)
  assert.match(page, 'There are none to show: ')
  assert.match(page, /Not drawn: no number of &quot;Distance to the nearest region boundary/)
  assert.match(page, /Not drawn: training needs a loss or metrics/)
})

test('needs no network: one file, no script, nothing that is loaded', async () => {
  for (const page of [await reported(database), await reported(await hostileLog())]) {
    assert.match(
      page,
      `content="default-src 'none'; style-src 'unsafe-inline';`.replaceAll("'", '&#39;'),
    )
    const tags = page.match(/<[a-z][^>]*>/gi) ?? []
    assert.ok(tags.length > 100)
    for (const tag of tags) {
      assert.not.match(tag, /^<(script|link|iframe|object|embed|img|image|video|audio|base)\b/i)
      assert.not.match(
        tag.replaceAll(/"[^"]*"/g, '""'),
        /\s(src|srcset|href|action|xlink:href|on\w+)\s*=/i,
      )
    }
    assert.not.match(/<style>.*?<\/style>/s.exec(page)![0], /@import|url\(/)
  }
})

test('escapes names, config and whatever else a user chose', async () => {
  const page = await reported(await hostileLog())
  assert.not.match(page, "<script>document.title = 'taken'")
  assert.not.match(page, '<img')
  assert.match(page, '&lt;script&gt;document.title')
  assert.is(page.match(/<\/title>/g)?.length, 1)
  assert.is(page.match(/<\/style>/g)?.length, 1)
  assert.is(page.match(/<svg/g)?.length, page.match(/<\/svg>/g)?.length)
  for (const sql of questionsIn(page)) readStatement(sql)
})

test('wrong use is one line, and writes no file', async () => {
  const folder = dirname(temporaryPath())
  const complaint = async (words: readonly string[], code: number, message: string) => {
    const argv = ['report', '--database', database, ...words]
    const got = await runCaptured(argv)
    assert.is(got.code, code)
    assert.is(got.stdout, '')
    assert.match(got.stderr.split('\n')[0]!, message)
    assert.equal(readdirSync(folder), [])
  }
  const out = ['--out', `${folder}/report.html`]
  await complaint([...out, '--run', 'nobody'], 1, 'run: expected a name or an id in')
  await complaint([...out, '--method', 'guess'], 1, 'method: expected one of combined, spectral')
  await complaint(['--out', folder], 2, 'out: expected a file, got the directory')
  await complaint(['--out', database], 2, 'belongs to the log that is read')
  assert.ok(
    readFileSync(database).toString('latin1').startsWith('SQLite format 3'),
    basename(database),
  )
})

test.run()

import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {createCanvas, loadImage} from 'canvas'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {findChromium, startChromium} from '../../support/browser/chromium.js'
import {temporaryFolder} from '../../support/folder.js'
import {runCaptured} from '../capture.js'
import {syntheticLog} from '../figures/synthetic-log.js'
import {hostile, hostileLog} from '../report/hostile-log.js'

const test = suite('report in a browser')

const chromium = findChromium()
if (!chromium) {
  console.log(
    '\n*** No Chromium: no report is LOOKED AT. Install one, or name it with CHROME_PATH.\n',
  )
}
const inBrowser = chromium ? test : test.skip

const folder = temporaryFolder()

async function reportOf(database: string, name: string): Promise<string> {
  const out = join(folder, name)
  const argv = ['report', '--database', database, '--out', out]
  assert.equal(await runCaptured(argv), {code: 0, stdout: `${out}\n`, stderr: ''})
  return out
}

/** Opens a page without a network and ends when it is drawn; what the browser printed. */
async function headless(path: string, ...words: readonly string[]): Promise<string> {
  const noNetwork = '--host-resolver-rules=MAP * ~NOTFOUND'
  const flags = [noNetwork, '--hide-scrollbars', '--timeout=30000', ...words]
  const {href} = pathToFileURL(path)
  const browser = startChromium(chromium!, temporaryFolder(), ...flags, href)
  return await browser.ended
}

test('is one whole page', async () => {
  const page = readFileSync(await reportOf(await hostileLog(), 'page.html'), 'utf8')
  assert.match(page, /^<!doctype html>\n<html lang="en">[\s\S]*<\/html>\n$/)
})

inBrowser('is drawn: text, table and the colours of the figures', async () => {
  const log = await syntheticLog({steps: [0, 1, 8, 63], points: 12})
  await log.close()
  const out = await reportOf(log.path, 'report.html')
  // kept where a person can look at it: SCREENSHOT=report.png
  const picture = process.env.SCREENSHOT ?? join(folder, 'report.png')
  const [width, height] = [1000, 3000]
  const size = [`--window-size=${width},${height}`, `--screenshot=${picture}`]
  await headless(out, ...size)
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  context.drawImage(await loadImage(picture), 0, 0)
  const {data} = context.getImageData(0, 0, width, height)
  const seen = new Map<string, number>()
  for (let at = 0; at < data.length; at += 4) {
    const colour = data.subarray(at, at + 3).join()
    seen.set(colour, (seen.get(colour) ?? 0) + 1)
  }
  const share = (colour: string) => (seen.get(colour) ?? 0) / (width * height)
  assert.ok(share('255,255,255') > 0.5 && share('255,255,255') < 0.98, 'paper')
  assert.ok(share('26,26,26') > 0.0005, 'ink')
  // training points, uniform ones, and a layer's area
  for (const colour of ['0,114,178', '213,94,0']) assert.ok(share(colour) > 0.0002, colour)
  assert.ok(seen.size > 50)
  // the page is as wide as it is meant to be: nothing sticks out to the right
  const right = context.getImageData(width - 20, 0, 20, height).data
  assert.ok(right.every((value) => value === 255))
})

inBrowser('runs nothing that a name or a config says, even without the policy', async () => {
  const out = await reportOf(await hostileLog(), 'hostile.html')
  const page = readFileSync(out, 'utf8')
  const unguarded = page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
  assert.is.not(unguarded, page)
  const open = join(folder, 'unguarded.html')
  writeFileSync(open, unguarded)
  for (const path of [out, open]) {
    const dom = await headless(path, '--dump-dom')
    const title = /<title>([^<]*)<\/title>/.exec(dom)?.[1] ?? ''
    assert.match(title, 'run &lt;/title&gt;')
    assert.not.match(dom, /<script|<img/i)
    assert.is(dom.match(/<h2>/g)?.length, 3)
    assert.match(dom, '<footer>')
  }
  // the browser does run such a thing where it is not escaped
  writeFileSync(open, unguarded.replace('<main>', `<main>${hostile.replace('<!--', '')}`))
  const dom = await headless(open, '--dump-dom')
  assert.match(dom, '<title>taken</title>')
})

test.run()

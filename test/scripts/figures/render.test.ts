import {createCanvas, GlobalFonts, loadImage} from 'canvas'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {TopLevelSpec} from 'vega-lite'
import {page} from '../../../scripts/figures/page.js'
import {type Format, formats, render, sizeOf} from '../../../scripts/figures/render.js'
import {embeddedFont, theme} from '../../../scripts/figures/theme.js'
import {rejects} from '../../support/rejects.js'

const test = suite('render')

const spec: TopLevelSpec = {
  ...page('A title with × and –', ['One sentence.', '', 'Another.']),
  width: 120,
  height: 80,
  data: {
    values: [
      {a: 1, b: 2},
      {a: 2, b: 1},
    ],
  },
  mark: 'line',
  encoding: {x: {field: 'a', type: 'quantitative'}, y: {field: 'b', type: 'quantitative'}},
}

test('the same spec gives the same bytes, whatever was drawn before', async () => {
  const first = new Map<Format, Buffer>()
  for (const format of formats) first.set(format, await render(spec, format))
  for (const format of [...formats].reverse()) {
    assert.ok(first.get(format)!.equals(await render(spec, format)), format)
  }
})

test('svg keeps text as text', async () => {
  const svg = String(await render(spec, 'svg'))
  assert.match(svg, '>A title with × and –</text>')
  assert.match(svg, '>One sentence. Another.</text>')
  assert.ok(svg.includes(`font-family="${theme.font}"`))
})

test('png has two pixels for each of the svg', async () => {
  const {width, height} = sizeOf(String(await render(spec, 'svg')))
  const png = await render(spec, 'png')
  assert.is(png.subarray(1, 4).toString(), 'PNG')
  assert.equal([png.readUInt32BE(16), png.readUInt32BE(20)], [2 * width, 2 * height])
})

test("png holds the letters of the title in the theme's colour", async () => {
  const image = await loadImage(await render(spec, 'png'))
  const context = createCanvas(image.width, image.height).getContext('2d')
  context.drawImage(image, 0, 0)
  const {data} = context.getImageData(0, 0, image.width, 50)
  let dark = 0
  for (let at = 0; at < data.length; at += 4) if (data[at]! < 64 && data[at + 3]! === 255) dark++
  assert.ok(dark > 500, `${dark} dark pixels`)
})

test('pdf is vector and embeds the font', async () => {
  const pdf = (await render(spec, 'pdf')).toString('latin1')
  assert.is(pdf.slice(0, 5), '%PDF-')
  assert.match(pdf, /\/BaseFont \/\w*\+?DejaVu ?Sans/)
  assert.not.match(pdf, '/Subtype /Image')
})

test('the font comes from the package, under a name that no machine has', async () => {
  await render(spec, 'png')
  const family = GlobalFonts.families.find(({family}) => family === embeddedFont)
  assert.equal(family?.styles.map(({weight}) => weight).sort(), [400, 700])
})

test('a warning is an error: what Vega passes over would be missing from the figure', async () => {
  const wrong = {...spec, encoding: {...spec.encoding, nonsense: {field: 'a'}}} as TopLevelSpec
  await rejects(render(wrong, 'svg'), 'figure: Vega says "')
  const empty = {...spec, data: {values: []}} as TopLevelSpec
  await rejects(render(empty, 'svg'), 'figure: Vega says "')
})

test.run()

import {createRequire} from 'node:module'
import {createCanvas, GlobalFonts, PDFDocument} from 'canvas'
import stringify from 'json-stringify-pretty-compact'
import {type LoggerInterface, parse, View} from 'vega'
import {compile, type TopLevelSpec} from 'vega-lite'
import {embeddedFont, sizes} from './theme.js'

/** The forms in which a figure can be written; `json` is its Vega-Lite spec, data included. */
export const formats = ['svg', 'png', 'pdf', 'json'] as const
export type Format = (typeof formats)[number]

/**
 * Draws a Vega-Lite spec without a browser. Fonts come from the package dejavu-fonts-ttf and shapes
 * from one rasteriser, so that a spec gives the same bytes whatever is installed on the machine.
 *
 * @param spec a Vega-Lite spec with its data inline
 * @param format `svg` (text stays text), `png` (two pixels for each CSS pixel), `pdf` (vector, fonts
 *   embedded) or `json`
 * @throws Error where Vega-Lite or Vega refuses the spec, or warns of something in it
 *
 * @example
 * const spec = {data: {values: [{a: 1}]}, mark: 'point', encoding: {x: {field: 'a', type: 'quantitative'}}}
 * await writeFile('figure.png', await render(spec, 'png'))
 */
export async function render(spec: TopLevelSpec, format: Format): Promise<Buffer> {
  if (format === 'json') return Buffer.from(`${stringify(spec, {maxLength: 180})}\n`)
  registerFonts()
  // Vega builds its scene anew for each View, so that no drawing depends on the one before it.
  const view = new View(parse(compile(spec, {logger: strict}).spec), {
    renderer: 'none',
    logger: strict,
  })
  try {
    const svg = await view.toSVG()
    if (format === 'svg') return Buffer.from(`${svg}\n`)
    const {width, height} = sizeOf(svg)
    return await (format === 'png' ? paintPng(view, width, height) : paintPdf(view, width, height))
  } finally {
    view.finalize()
  }
}

async function paintPng(view: View, width: number, height: number): Promise<Buffer> {
  const scale = sizes.pngScale
  const canvas = createCanvas(width * scale, height * scale)
  await view.toCanvas(scale, {externalContext: canvas.getContext('2d')})
  return canvas.encodeSync('png')
}

async function paintPdf(view: View, width: number, height: number): Promise<Buffer> {
  const document = new PDFDocument()
  await view.toCanvas(1, {externalContext: document.beginPage(width, height)})
  document.endPage()
  return document.close()
}

/** Width and height of an SVG in CSS pixels, as Vega writes them on the root element. */
export function sizeOf(svg: string): {width: number; height: number} {
  const [, width, height] = /^<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? []
  if (!width || !height) throw new Error('figure: Vega drew an SVG without a width and a height')
  return {width: Math.ceil(Number(width)), height: Math.ceil(Number(height))}
}

function registerFonts(): void {
  // An alias of our own: a font of the machine would win over one that is registered by its own name.
  if (GlobalFonts.has(embeddedFont)) return
  const require = createRequire(import.meta.url)
  for (const file of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']) {
    const path = require.resolve(`dejavu-fonts-ttf/ttf/${file}`)
    if (!GlobalFonts.registerFromPath(path, embeddedFont)) {
      throw new Error(`figure: the font ${path} cannot be read; install the packages again`)
    }
  }
}

/** A warning is a figure that is not what was meant: it must not pass. */
const strict: LoggerInterface = {
  level: (() => strict) as LoggerInterface['level'],
  error: refuse,
  warn: refuse,
  info: () => strict,
  debug: () => strict,
}

function refuse(...messages: readonly unknown[]): never {
  throw new Error(`figure: Vega says "${messages.map(String).join(' ')}"`)
}

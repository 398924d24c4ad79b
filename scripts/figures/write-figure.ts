import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {TopLevelSpec} from 'vega-lite'
import {type Format, render} from './render.js'

/**
 * Writes a figure to a folder, which is made where there is none: one file for each format, and the
 * Vega-Lite spec with its data beside them as `NAME.vl.json`.
 *
 * @returns the paths of the files, the spec's last
 *
 * @example
 * const spec = await drawFigure(log, 'training')
 * await writeFigure('results/figures', 'training', spec, ['svg', 'png'])
 */
export async function writeFigure(
  folder: string,
  name: string,
  spec: TopLevelSpec,
  formats: readonly Format[],
): Promise<readonly string[]> {
  await mkdir(folder, {recursive: true})
  const paths: string[] = []
  for (const format of [...new Set<Format>([...formats, 'json'])]) {
    const path = join(folder, `${name}.${format === 'json' ? 'vl.json' : format}`)
    await writeFile(path, await render(spec, format))
    paths.push(path)
  }
  return paths
}

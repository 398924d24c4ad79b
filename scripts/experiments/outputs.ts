import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Writable} from 'node:stream'
import {cannotDraw} from '../cannot-draw.js'
import {fitPage} from '../figures/fit-page.js'
import {figures} from '../figures/index.js'
import type {Format} from '../figures/render.js'
import {writeFigure} from '../figures/write-figure.js'
import {findingsMarkdown, findingsOf, gridTable} from '../findings/index.js'
import {type LogReader, selectRuns} from '../select-runs.js'

export interface OutputRequest {
  readonly log: LogReader
  /** Ids of the runs to show. */
  readonly runs: readonly string[]
  readonly folder: string
  readonly formats: readonly Format[]
  readonly stdout: Writable
  readonly stderr: Writable
}

/**
 * Draws every figure and the findings table of some runs: figures/NAME.svg and so on, findings.md and
 * findings.json in the folder, the table and all paths on stdout.
 */
export async function writeOutputs(request: OutputRequest): Promise<void> {
  const {log, runs, folder, stdout} = request
  await mkdir(folder, {recursive: true})
  const paths = await writeFigures(request)
  const findings = await findingsOf(log, {runs})
  const files = {
    'findings.md': findingsMarkdown(findings),
    'findings.json': `${JSON.stringify(findings, null, 2)}\n`,
  }
  for (const [file, content] of Object.entries(files)) {
    await writeFile(join(folder, file), content)
    paths.push(join(folder, file))
  }
  stdout.write(gridTable(findings))
  stdout.write(`\n${[log.path, ...paths].join('\n')}\n`)
}

async function writeFigures(request: OutputRequest): Promise<string[]> {
  const {log, runs, folder, formats, stderr} = request
  const paths: string[] = []
  const selection = await selectRuns(log, runs)
  for (const figure of figures) {
    const {name} = figure
    try {
      const {spec} = await fitPage(figure, selection, async (some) => ({
        spec: await figure.spec(log, some, {folder}),
      }))
      paths.push(...(await writeFigure(join(folder, 'figures'), name, spec, formats)))
    } catch (error) {
      if (!cannotDraw(error)) throw error
      stderr.write(`${error.message}\n`)
    }
  }
  return paths
}

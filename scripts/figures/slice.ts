import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {TopLevelSpec} from 'vega-lite'
import {checkpointFolder, slicePointsFile} from '../experiments/checkpoint-folder.js'
import {type LogReader, type SelectedRun, thousands} from '../select-runs.js'
import {type Figure, type FigureOptions, NothingToDrawError} from './figure.js'
import {panelTitle, slots} from './layout.js'
import {chooseMoments, type NamedMoment} from './moments.js'
import {page} from './page.js'
import type {Slice, SlicePoint} from './slice-regions.js'
import {colours, sizes} from './theme.js'

/** Exact regions of a plane through three training points, at a few moments. */
export const slice: Figure = {
  name: 'slice',
  summary: 'the exact regions of a plane through three training points, at a few moments',
  async spec(log, {runs, notes}, options) {
    const saved = await savedRuns(log, runs, options)
    if (saved.length === 0) {
      throw new NothingToDrawError(this.name, 'networks saved in checkpoints/ beside the log', log)
    }
    // TensorFlow.js is loaded for this figure alone.
    const {regionsOfSlice} = await import('./slice-regions.js')
    const panels: (Slice & {readonly title: string; readonly subtitle: string[]})[] = []
    for (const {run, folder, points, moments} of saved) {
      for (const {step, title} of moments) {
        const regions = await regionsOfSlice(join(folder, `step-${step}`), points)
        const of = `${regions.complete ? '' : 'more than '}${thousands(regions.count)} regions`
        const subtitle = [...(saved.length > 1 ? [run.name] : []), of]
        panels.push({...regions, title, subtitle})
      }
    }
    const columns = Math.min(3, panels.length)
    const {side} = panels[0]!
    const which = saved[0]!.points.map(({index, label}, place) => {
      return `${names[place]} is image ${index} (class ${label})`
    })
    return {
      ...page('Linear regions of a plane through three training points', [
        `Each polygon is a region in which the network is affine, computed exactly in float64 and coloured by its activation pattern; ${which.join(', ')}.`,
        `Side of a picture: ${Number(side.toPrecision(3))} input units. ${saved.map(({run}) => `${run.name}, seed ${run.seed}`).join('; ')}.`,
        ...notes,
      ]),
      columns,
      concat: slots(panels.length, columns).map((slot, place) => {
        const {title, subtitle, ...regions} = panels[place]!
        return {title: panelTitle(slot, title, subtitle), ...picture(regions, slot.width)}
      }),
    } as unknown as TopLevelSpec
  },
}

const names = ['A', 'B', 'C'] as const

interface SavedRun {
  readonly run: SelectedRun
  readonly folder: string
  readonly points: readonly SlicePoint[]
  readonly moments: readonly NamedMoment[]
}

/** The runs that have checkpoints beside the log, and the moments to show of them. */
async function savedRuns(
  {db, path}: LogReader,
  runs: readonly SelectedRun[],
  {epochs, folder: results = dirname(path)}: FigureOptions,
): Promise<readonly SavedRun[]> {
  const found: SavedRun[] = []
  for (const run of runs) {
    const folder = checkpointFolder(results, run.id)
    const file = join(folder, slicePointsFile)
    if (!existsSync(file)) continue
    const points = JSON.parse(readFileSync(file, 'utf8')) as readonly SlicePoint[]
    const steps = readdirSync(folder).flatMap((name) => {
      const [, step] = /^step-(\d+)$/.exec(name) ?? []
      return step === undefined ? [] : [Number(step)]
    })
    const moments = await db
      .selectFrom('snapshots')
      .select(['step', 'epoch'])
      .where('run_id', '=', run.id)
      .where('step', 'in', steps)
      .execute()
    const chosen = chooseMoments(
      moments.map((moment) => ({...moment, seed: run.seed})),
      epochs,
      6,
    )
    if (points.length === 3 && chosen.length > 0) found.push({run, folder, points, moments: chosen})
  }
  return found
}

/** Polygons in a square, with the triangle of the three points. */
function picture({features, corners, size}: Slice, side: number) {
  const projection = {
    type: 'identity',
    reflectY: true,
    scale: side / size,
    translate: [0, side],
  }
  const triangle = {
    type: 'Feature',
    geometry: {type: 'LineString', coordinates: [...corners, corners[0]!]},
  }
  return {
    width: side,
    height: side,
    projection,
    layer: [
      {
        data: {values: features},
        mark: {type: 'geoshape', stroke: 'white', strokeWidth: 0.35, fillOpacity: 0.8},
        encoding: {
          color: {
            field: 'properties.colour',
            type: 'nominal',
            scale: {scheme: 'tableau20'},
            legend: null,
          },
        },
      },
      {
        data: {values: [triangle]},
        mark: {type: 'geoshape', filled: false, stroke: colours.ink, strokeWidth: 1.4},
      },
      {
        data: {values: corners.map(([x, y], place) => ({x, y, name: names[place]}))},
        mark: {
          type: 'text',
          fontSize: sizes.text,
          fontWeight: 'bold',
          dx: 9,
          dy: -7,
          color: colours.ink,
        },
        encoding: {
          longitude: {field: 'x', type: 'quantitative'},
          latitude: {field: 'y', type: 'quantitative'},
          text: {field: 'name', type: 'nominal'},
        },
      },
    ],
  }
}

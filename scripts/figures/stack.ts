import type {TopLevelSpec} from 'vega-lite'
import {page} from './page.js'
import {sizes, theme} from './theme.js'

type Concat = Extract<TopLevelSpec, {concat: unknown}>

/** A figure of panels side by side, with data by name, as `overTraining` makes them. */
type Section = Pick<Concat, 'columns' | 'concat' | 'resolve'> & {
  readonly title: {readonly text: string; readonly subtitle: readonly string[]}
  readonly datasets: Readonly<Record<string, object[]>>
}

/**
 * Puts figures over training one under another on one page, each with its title and caption as those
 * of a section, with one legend. Each keeps its own data, whatever they are called.
 *
 * @param sections what `overTraining` returns
 * @returns a Vega-Lite spec with its data inline
 *
 * @example
 * stack('Distance and bound', ['A caption.'], [overTraining(distance), overTraining(bound)])
 */
export function stack(
  title: string,
  caption: readonly string[],
  sections: readonly TopLevelSpec[],
): TopLevelSpec {
  const parts = (sections as unknown as readonly Section[]).map((section, place) => {
    const renamed = (name: string) => `${name}-${place + 1}`
    const {title, datasets, concat, columns, resolve} = section
    return {
      panels: {
        title: {...title, fontSize: sizes.text + 2},
        columns,
        concat: withDatasets(concat, renamed),
        resolve,
      },
      datasets: Object.entries(datasets).map(([name, rows]) => [renamed(name), rows] as const),
    }
  })
  return {
    ...page(title, caption),
    // The legend is that of all sections: it stands off the first one's title.
    config: {...theme, legend: {...theme.legend, offset: sizes.gap}},
    datasets: Object.fromEntries(parts.flatMap(({datasets}) => datasets)),
    vconcat: parts.map(({panels}) => panels),
  } as unknown as TopLevelSpec
}

/** The same panels, asking for their data under other names. */
function withDatasets<Panels>(panels: Panels, renamed: (name: string) => string): Panels {
  const rename = (key: string, value: unknown) => {
    const name = key === 'data' && (value as {name?: unknown}).name
    return typeof name === 'string' ? {name: renamed(name)} : value
  }
  return JSON.parse(JSON.stringify(panels, rename)) as Panels
}

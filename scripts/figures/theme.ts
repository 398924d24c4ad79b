import type {Config} from 'vega-lite'

/** The name under which `render` registers DejaVu Sans, so that no font of the machine is taken for it. */
export const embeddedFont = 'DejaVu Sans Embedded'

/** What an SVG asks for: viewers take the first that they have; Verdana shares DejaVu's widths. */
const font = `${embeddedFont}, DejaVu Sans, Verdana, Geneva, sans-serif`

/** Sizes in CSS pixels, chosen to be read when a figure is shown at half its size. */
export const sizes = {
  /** width of the plotting areas of a figure and the gaps between them */
  width: 680,
  gap: 26,
  /** height of a plotting area that stands alone */
  height: 270,
  /** and of one in two rows, or in more */
  lowerHeight: 210,
  lowestHeight: 170,
  title: 17,
  text: 13,
  caption: 12,
  /** characters of a caption's line */
  line: 110,
  /** pixels of the PNG for each CSS pixel */
  pngScale: 2,
} as const

/** Colours of lines and text; groups of points have theirs in groups.ts. */
export const colours = {
  ink: '#1a1a1a',
  faded: '#5a5a5a',
  grid: '#e8e8e8',
  /** an ordered quantity, such as the layer: light to dark, told apart in grey and by the colour-blind */
  ordered: 'viridis',
} as const

/** The Vega-Lite configuration of every figure. */
export const theme: Config = {
  font,
  background: 'white',
  padding: {left: 12, right: 18, top: 12, bottom: 12},
  view: {stroke: null},
  concat: {spacing: sizes.gap},
  title: {
    anchor: 'start',
    frame: 'group',
    fontSize: sizes.title,
    fontWeight: 'bold',
    color: colours.ink,
    subtitleFontSize: sizes.caption,
    subtitleColor: colours.faded,
    subtitleLineHeight: sizes.caption + 5,
    subtitlePadding: 7,
    offset: 12,
  },
  axis: {
    labelFontSize: sizes.text,
    titleFontSize: sizes.text,
    titleFontWeight: 'normal',
    labelColor: colours.ink,
    titleColor: colours.ink,
    domainColor: colours.faded,
    tickColor: colours.faded,
    gridColor: colours.grid,
    titlePadding: 8,
  },
  legend: {
    orient: 'top',
    direction: 'horizontal',
    title: null,
    labelFontSize: sizes.text,
    labelColor: colours.ink,
    labelLimit: 300,
    symbolSize: 500,
    symbolStrokeWidth: 2.5,
    columnPadding: 20,
    offset: 8,
  },
  line: {strokeWidth: 2.2, strokeCap: 'butt', strokeJoin: 'round'},
}

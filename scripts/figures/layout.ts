import {sizes} from './theme.js'

/** Rows of panels that a figure can have and still be read, at about 1,000 CSS pixels from top to bottom. */
export const rowsOfPage = 3

/** Where a panel stands among the others, and what follows from it. */
export interface Slot {
  /** Size of the plotting area in CSS pixels. */
  readonly width: number
  readonly height: number
  /** The vertical axis is named in this column alone. */
  readonly leftmost: boolean
  /** The horizontal axis is named in this row alone. */
  readonly lowest: boolean
}

/**
 * The slots of panels that fill the width of a figure row by row; they are lower where there are more
 * rows.
 *
 * @example
 * slots(3, 2).map((slot) => slot.lowest) // [false, true, true]
 */
export function slots(panels: number, columns: number): readonly Slot[] {
  const rows = Math.ceil(panels / columns)
  const width = Math.floor((sizes.width - (columns - 1) * sizes.gap) / columns)
  const height = rows === 1 ? sizes.height : rows === 2 ? sizes.lowerHeight : sizes.lowestHeight
  return Array.from({length: panels}, (_, place) => ({
    width,
    height,
    leftmost: place % columns === 0,
    lowest: place + columns >= panels,
  }))
}

/** Title of one of several panels, cut where it would run into the next. */
export function panelTitle(slot: Slot, text: string, subtitle: readonly string[] = []) {
  return {
    text,
    ...(subtitle.length > 0 && {subtitle: [...subtitle]}),
    fontSize: sizes.text,
    subtitleLineHeight: sizes.caption + 3,
    subtitlePadding: 3,
    offset: 8,
    limit: slot.width + sizes.gap,
  }
}

import type {TopLevelSpec} from 'vega-lite'

// Vega-Lite exports the type of a whole figure alone: the parts are read off it here.

type Concat = Extract<TopLevelSpec, {concat: unknown}>

/** One of several plots in a figure. */
export type Panel = Extract<Concat['concat'][number], {layer: unknown}>

/** One of several marks upon one another in a panel. */
export type Layer = Panel['layer'][number]

type Encoding = NonNullable<Extract<Layer, {mark: unknown}>['encoding']>

/** What places a mark along an axis. */
export type Position = Extract<NonNullable<Encoding['x']>, {axis?: unknown}>

/** What colours a mark. */
export type Colour = NonNullable<Encoding['color']>

/** What dashes a line. */
export type Dash = NonNullable<Encoding['strokeDash']>

import type {TopLevelSpec} from 'vega-lite'
import type {LogReader, Selection} from '../select-runs.js'

/** What a figure shows of the runs; each has a default that the figure names. */
export interface FigureOptions {
  /** Groups of points. Default: all. */
  readonly groups?: readonly string[]
  /** Norm of distances. Default: l2. */
  readonly norm?: string
  /** Method of bounds. Default: combined where it was logged. */
  readonly method?: string
  /** How bounds were counted. Default: the tightest that all runs hold. */
  readonly counting?: string
  /** Radius rules of bounds, as text. Default: all. */
  readonly radii?: readonly string[]
  /** Epochs that a figure of a few moments shows: the snapshots nearest to them. Default: some, spread evenly. */
  readonly epochs?: readonly number[]
  /** Folder that `reproduce` wrote its results to, where saved networks are. Default: that of the log. */
  readonly folder?: string
}

/** One figure, which can be drawn from any log that holds what it shows. */
export interface Figure {
  readonly name: string
  /** One line, without a full stop, for the list of figures. */
  readonly summary: string
  /** Whether one picture shows any number of networks; others have panels for each. */
  readonly manyNetworks?: boolean
  /**
   * Rows of the log to a Vega-Lite spec with its data inline.
   *
   * @throws NothingToDrawError where the runs hold nothing that the figure shows
   * @throws Error naming the option, what was asked for and what the runs hold
   */
  spec(log: LogReader, selection: Selection, options: FigureOptions): Promise<TopLevelSpec>
}

/** The runs hold nothing of what a figure shows; whoever draws all figures passes over this one. */
export class NothingToDrawError extends Error {
  override readonly name = 'NothingToDrawError'

  constructor(figure: string, what: string, log: LogReader) {
    super(`figure: ${figure} needs ${what}, and the chosen runs in ${log.path} hold none`)
  }
}

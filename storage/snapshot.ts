/** One layer with a kink, as a run remembers it. */
export interface LoggedLayer {
  readonly name: string
  /** The layer's class in TensorFlow.js, such as `'Dense'`. */
  readonly className: string
  /** Units of the flattened output. */
  readonly units: number
  /** Kinks of each unit: 1 for ReLU. */
  readonly kinks: number
}

/** What the run's row says of the model. */
export interface LoggedModel {
  readonly layers: readonly LoggedLayer[]
  /** Sizes from the flattened input to the last kinked layer. */
  readonly widths: readonly number[]
  /** Number of weights. */
  readonly parameters: number
  /** Without the batch dimension. */
  readonly inputShape: readonly number[]
}

/** A measure of a run and the unit of its numbers, such as `'input units'` or `'log2 regions'`. */
export interface LoggedMeasure {
  readonly name: string
  readonly unit: string
}

/**
 * What is known when a run begins. The log itself adds id, times, host, git commit, Node version
 * and package version.
 */
export interface RunStart {
  readonly name: string
  readonly seed: number
  /** Anything that can be written as JSON and that one wants to find again. Default: `{}`. */
  readonly config?: unknown
  readonly model: LoggedModel
  readonly measures: readonly LoggedMeasure[]
  /** Name of the TensorFlow.js backend that runs. */
  readonly backend: string
  readonly device?: string | null
  /** JSON: which backends were refused and why, precision, speed. Default: `{}`. */
  readonly environment?: object
  readonly tfjsVersion: string
  /** Seconds between two heartbeats. Default: 60. */
  readonly heartbeatEvery?: number
  /** Default: the arguments of the process. */
  readonly argv?: readonly string[]
}

/** Where to go on: all of {@link RunStart}, and which run, from which step. */
export interface RunResume extends RunStart {
  /** The run to go on with. Default: the newest unfinished run of that name. */
  readonly runId?: string
  /** Throw where there is no run to go on with, rather than start a new one. */
  readonly must: boolean
  /** Completed optimiser updates at the point of resumption. Default: the last logged step. */
  readonly step?: number
  /** Completed epochs there, for those who do not know the step: it is then taken from the log. */
  readonly epoch?: number
  /**
   * The network has made no update, and nobody said where it is: then only a run without updates
   * is gone on with. Default: false.
   */
  readonly untrained?: boolean
}

/** The run that goes on, and the step from which it does. */
export interface ResumedRun {
  readonly runId: string
  readonly step: number
  /** False: there was nothing to go on with and the run is new. */
  readonly resumed: boolean
  /** Snapshots that lay beyond that step. */
  readonly deleted: number
}

/** A point that was measured; its place in {@link Snapshot.points} is its number. */
export interface LoggedPoint {
  /** Name of the group it was drawn for. */
  readonly group: string
  /** Its number within the group. */
  readonly slot: number
  /** Index of the example it came from. Default: none. */
  readonly originIndex?: number | null
  readonly label?: number | null
  /** The point itself, flattened, where it is to be kept. */
  readonly input?: Float32Array | null
}

/** Distances of all points in one norm. */
export interface LoggedDistances {
  readonly norm: string
  /** In input units; Infinity where no boundary can be reached. */
  readonly distance: Float64Array
  /** Kinked layer and unit of the nearest boundary, -1 where there is none. */
  readonly layer: Int32Array
  readonly unit: Int32Array
}

/** Bounds of all points by one method and radius rule. */
export interface LoggedBounds {
  readonly method: string
  readonly counting: string
  /** The radius rule's text. */
  readonly rule: string
  /** The rule's radius for each point, in input units. */
  readonly radius: Float64Array
  readonly log2Regions: Float64Array
  /** For each kinked layer, one count a point. */
  readonly unstable: readonly Int32Array[]
  readonly active: readonly Int32Array[]
}

/** Any other number per point. */
export interface LoggedMeasurement {
  readonly measure: string
  /** The radius rule's text, `''` if the measure has no radius. */
  readonly rule: string
  readonly value: Float64Array
}

/** Everything measured at one step: written as a whole or not at all. */
export interface Snapshot {
  /** Completed optimiser updates. */
  readonly step: number
  /** Completed epochs, fractional inside one. */
  readonly epoch: number
  readonly loss?: number | null
  readonly lossScope?: 'batch' | 'epoch' | null
  readonly metrics?: Readonly<Record<string, number>> | null
  readonly status: 'complete' | 'partial' | 'failed'
  /** Why it is partial or failed. */
  readonly reason?: string | null
  /** JSON: what a partial snapshot left out. */
  readonly skipped?: unknown
  /** Milliseconds of training since the snapshot before. */
  readonly trainMs?: number | null
  /** Milliseconds that measuring took. */
  readonly measureMs?: number | null
  readonly points: readonly LoggedPoint[]
  readonly distances: readonly LoggedDistances[]
  readonly bounds: readonly LoggedBounds[]
  readonly measurements: readonly LoggedMeasurement[]
  /** Milliseconds by measure. */
  readonly timings: Readonly<Record<string, number>>
}

import type * as tf from '@tensorflow/tfjs'
import type {Counting, Method, Norm} from '../src/options.js'
import type {DatasetSource} from './dataset-source.js'
import type {GroupOption} from './groups/index.js'
import type {LabelsLike} from './labels.js'
import type {Measure, MeasureName} from './measures/index.js'
import type {PointsInput} from './points.js'
import type {RadiusOption} from './radii.js'
import type {RunLog} from './run-log.js'
import type {Every} from './schedule.js'

/** Options of `linearRegionMonitor`. */
export interface MonitorOptions {
  /**
   * The training points, [n, ...input shape]: a tensor, arrays, a `tf.data.Dataset` of examples or
   * of batches, or a function that makes one. Required.
   *
   * A dataset that shuffles has to be made anew, `data: () => makeDataset()`: it draws the order of
   * its examples from one generator of random numbers, which moves on whenever it is read, so that
   * the training would see another order than without the monitor. Given as it is, it is refused
   * before the training; so is any dataset whose first 16 examples are others when read again. It
   * must not draw from `Math.random` either, as a training does.
   */
  readonly data: PointsInput | DatasetSource
  /**
   * Classes of `data`: whole numbers [n] or one-hot rows. They are logged, and so is the class that
   * the model predicts, if its outputs are those classes: of the model that is fitted, also where
   * `model` is a part of it. Where that is not known, a warning says why no class is. Default: a
   * dataset's `ys`, else none.
   */
  readonly labels?: LabelsLike
  /** Points that are not trained on, for the group 'test', given as `data` are. Default: none. */
  readonly testData?: PointsInput | DatasetSource
  /** Classes of `testData`. Default: none. */
  readonly testLabels?: LabelsLike
  /** How many examples of a dataset are read. Default: 10,000. */
  readonly keep?: number
  /**
   * Path of the log, address of one on PostgreSQL ('postgres://user@host/database?schema=name'), or
   * a log that is open already and stays open, `openLog`'s or one of one's own, as in a browser.
   * Default: 'linear-regions.db'.
   */
  readonly database?: string | RunLog
  /**
   * Folder that keeps what is logged while the server of a PostgreSQL log is away; false: then
   * logging is an error. Of no account for a file. Default: the working folder.
   */
  readonly spool?: string | false
  /**
   * Milliseconds that the training waits for that server, at the most, each time it logs; or for a
   * file that another process has locked, once, and once more at its end: what cannot be written is
   * kept in memory meanwhile. Default: 5,000; 30,000 where `spool` is false; 2,000 for a file.
   */
  readonly patience?: number
  /** Name of the run. Default: 'run'. */
  readonly run?: string
  /** What one wants to find again with the run, as JSON. Default: {}. */
  readonly config?: unknown
  /**
   * The model, where it cannot be taken from `fit`, or where a part of it is to be watched.
   * Default: taken from `fit`.
   */
  readonly model?: tf.LayersModel
  /** Points per group. Default: 128, or as many as there are examples to draw from. */
  readonly points?: number
  /**
   * Where to measure: 'train', 'uniform', 'gaussian', 'shuffled', 'test', 'adversarial', 'trigger',
   * the last two with options as {name: 'adversarial', radius: 0.5} too, or groups of one's own.
   * Default: ['train', 'uniform'].
   */
  readonly groups?: readonly GroupOption[]
  /** Fresh points at each snapshot; false: those of step 0 throughout. Default: true. */
  readonly resample?: boolean
  /**
   * Radii of the spheres in input units, or rules: 'median-pair*0.01' (median distance between two
   * training points), 'nearest*0.5' (each point's distance to its nearest other training point).
   * Default: ['median-pair*0.001', 'median-pair*0.003', 'median-pair*0.01'].
   */
  readonly radii?: readonly RadiusOption[]
  /**
   * How to bound the regions: 'spectral', 'interval', 'crown', 'combined'. Default: ['spectral',
   * 'combined'].
   */
  readonly methods?: readonly Method[]
  /**
   * How unstable units become a count of regions: 'flats' (only sets of units that can be zero together in the ball),
   * 'product' (all sets). Each is logged as bounds of its own. Default: ['flats'].
   */
  readonly countings?: readonly Counting[]
  /** Norms of the distance. Default: ['l2']. */
  readonly norms?: readonly (Norm | 2)[]
  /**
   * What to measure: 'distance', 'bound', what is seen in the balls ('witnessed' units, 'patterns',
   * 'local-complexity'), or measures of one's own. Default: ['distance', 'bound'].
   */
  readonly measures?: readonly (MeasureName | Measure)[]
  /**
   * When: a number of epochs, {batches: n}, {steps: [...]} (see `logSpaced`) or {when, at}.
   * Default: 1.
   */
  readonly every?: Every
  /**
   * Points come from streams of random numbers that belong to it, the group and the step. Default:
   * 1.
   */
  readonly seed?: number
  /**
   * What an error while measuring or logging does: 'warn' and train on, or 'throw'. Default:
   * 'warn'.
   */
  readonly onError?: 'warn' | 'throw'
  /**
   * 'never': always a new run. 'allow': go on with the newest unfinished run of that name, if there
   * is one. 'must': throw if there is none. Load the weights and give `fit` the `initialEpoch`: what
   * was logged beyond it is deleted, with a warning; and without it a network whose optimiser has
   * made no update is refused where the run has some. Default: 'never'.
   */
  readonly resume?: 'never' | 'allow' | 'must'
  /** The run to go on with. Default: the newest unfinished one. */
  readonly runId?: string
  /**
   * Milliseconds after which a snapshot stops, even within a measure: it keeps what is whole, names
   * what it left out, and is 'partial'. One measure is always taken. Default: none.
   */
  readonly budgetMs?: number
  /** Limit for working tensors in bytes. Default: 512 MB. */
  readonly memory?: number
  /** Store the points themselves. Default: false. */
  readonly keepInputs?: boolean
  /** What the run's row says of the machine, as JSON; `device` is its device. Default: {}. */
  readonly environment?: object
}

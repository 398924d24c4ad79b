import type {KinkAtPoints, Lines} from '../kinks/kink.js'
import type {Norm} from '../options.js'
import type {Program} from '../program/program.js'
import type {Pruning} from './pruning.js'
import type {WantedRow} from './row-grids.js'

/** Rows of one layer that are to be pulled back to the input. */
export interface PullRequest {
  readonly program: Program
  readonly layer: number
  /** Of that layer. */
  readonly kinks: KinkAtPoints
  readonly wanted: readonly WantedRow[]
  /** Per kinked layer before, for all points. */
  readonly lines: readonly Lines[]
  /** Of the input space. */
  readonly norm: Norm
  /** Limit for working tensors in bytes. */
  readonly memory: number
  /** Lets rows stop on their way. */
  readonly pruning?: Pruning | undefined
  /** Is told of each row that arrives: its slack, and how long it is. */
  take(row: WantedRow, slack: number, length: number): void
}

import type {Measured, MeasureRequest, Radii} from '../../src/measure.js'

/** A measure of what is seen inside the balls: a number for each point and radius rule. */
export interface ObservedMeasure<Name extends string = string> {
  readonly name: Name
  /** Unit of its numbers, for the log. */
  readonly unit: string
  /**
   * What to ask the network for.
   *
   * @param seed belongs to the run's seed, the measure and the step
   */
  readonly request: (seed: number, dimensions: number) => MeasureRequest
  /** The numbers, in the order of the radii. */
  readonly values: (measured: Measured) => readonly ObservedValues[]
}

/** The numbers at one radius rule. */
export interface ObservedValues extends Pick<Radii, 'rule'> {
  /** One a point. */
  readonly value: Float64Array
}

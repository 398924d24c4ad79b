import {UsageError} from './command.js'

/**
 * Runs `work`; a RangeError that names an option, which is how the package refuses its value,
 * becomes wrong use of the command line.
 *
 * @example
 * const monitor = await asUsage(() => linearRegionMonitor({data, groups: options.groups}))
 */
export async function asUsage<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RangeError && /^[a-z][A-Za-z]*: /.test(error.message)) {
      throw new UsageError(error.message, {cause: error})
    }
    throw error
  }
}

import {LogError} from './errors.js'

/**
 * Stands for `openLog` in a script for a browser, which opens neither files nor servers: package.json
 * names it under `browser`, so that a bundler takes it in place of `log.ts` and all that needs Node.
 *
 * @throws LogError whatever is given
 */
export async function openLog(database: string): Promise<never> {
  throw new LogError(
    `database: a browser cannot open ${JSON.stringify(database)}; give the monitor a log of your own, an object ` +
      'with the methods of RunLog',
  )
}

/**
 * Stands for `openTrainingLog`, as `openLog` here does for the other.
 *
 * @throws LogError whatever is given
 */
export const openTrainingLog = openLog

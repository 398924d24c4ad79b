import {aliveText} from '../../storage/liveness.js'
import type {Log} from '../../storage/log.js'

/** A run that was deleted. */
export interface DeletedRun {
  readonly id: string
  readonly name: string
}

/**
 * Deletes runs with all that was logged of them, all of them or none.
 *
 * @param ids of runs that are in the log
 * @throws Error where one of them is alive: its training would go on and find no run to log to
 */
export async function deleteRuns(log: Log, ids: readonly string[]): Promise<readonly DeletedRun[]> {
  return await log.db.transaction().execute(async (transaction) => {
    const runs = await transaction.selectFrom('runs').selectAll().where('id', 'in', ids).execute()
    for (const run of runs) {
      const text = aliveText(run)
      if (text !== null) throw new Error(`run: ${JSON.stringify(run.name)} (${run.id}) ${text}`)
    }
    await transaction.deleteFrom('runs').where('id', 'in', ids).execute()
    return runs.map(({id, name}) => ({id, name}))
  })
}

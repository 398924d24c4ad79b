import type {Kysely} from 'kysely'
import {LogError} from './errors.js'
import {isSameProcess, type ProcessMark, thisProcess} from './process-mark.js'
import type {Database, RunRow} from './schema.js'

/** What a run's row says of whose it is. */
export type OwnerColumns = Pick<RunRow, 'id' | 'name' | 'host' | 'environment'>

/** Another process has resumed a run that this one wrote: two writers would mix their snapshots. */
export class TakenOverError extends LogError {}

/** Ids of the runs that this process has begun or resumed, with the host that their rows name. */
const owned = new Map<string, string>()

/** From now on the run is this process's own, until its row names another. */
export function takeOwnership({id, host}: Pick<OwnerColumns, 'id' | 'host'>): void {
  owned.set(id, host)
}

/**
 * That a run which this process has begun or resumed is still its own. Runs that it never had, such
 * as one that somebody closes by hand, are nobody's here.
 *
 * @throws TakenOverError where its row names another process by now
 */
export function refuseTakenOver({id, name, host, environment}: OwnerColumns): void {
  const ownHost = owned.get(id)
  const mark: ProcessMark | undefined = JSON.parse(environment).process
  if (ownHost === undefined || !mark) return
  if (host === ownHost && isSameProcess(mark, thisProcess())) return
  throw new TakenOverError(
    `run: ${JSON.stringify(name)} (${id}) was taken over by process ${mark.pid} on ${host}, which resumed it; ` +
      'nothing more of this process is logged there, give the next training a run of its own',
  )
}

/**
 * As `refuseTakenOver`, of the row that is in the log; one that is not there yet is nobody's.
 *
 * @throws TakenOverError where the row names another process by now
 */
export async function checkOwner(db: Kysely<Database>, runId: string): Promise<void> {
  const row = await db
    .selectFrom('runs')
    .select(['id', 'name', 'host', 'environment'])
    .where('id', '=', runId)
    .executeTakeFirst()
  if (row) refuseTakenOver(row)
}

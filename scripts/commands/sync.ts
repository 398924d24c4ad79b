import {existsSync} from 'node:fs'
import type {Spool} from '../../storage/spool.js'
import {defineCommand, UsageError} from '../command.js'
import {list, text, withDefault} from '../option.js'

/** Brings what trainings kept while their server was away to where it belongs. */
export const sync = defineCommand({
  name: 'sync',
  summary: 'deliver what trainings kept on disk while their PostgreSQL server was away',
  words: {files: list(text('the files; default: all *.spool.db of the folder'))},
  options: {
    folder: withDefault(text('where the trainings ran'), '.'),
    database: text('address to deliver to; default: the one each file was kept for'),
  },
  examples: [
    ['sync', 'all that waits in this folder'],
    ['sync --folder /scratch/study', 'all that waits in another'],
  ],
  async run({files, folder, database}, {stdout, signal}) {
    const {openDatabase} = await import('../../storage/open-database.js')
    const {deliverNext, isFilled, removeSpool, reopenSpool, spoolsIn, waitingIn} = await import(
      '../../storage/spool.js'
    )
    const {count} = await import('../select-runs.js')
    if (!files && !existsSync(folder)) {
      throw new UsageError(`folder: expected the folder of the trainings, got "${folder}"`)
    }
    const deliver = async (spool: Spool): Promise<string> => {
      if (await isFilled(spool)) return ' is filled by a training, which delivers it by itself'
      const waiting = await waitingIn(spool)
      let leftOut = 0
      const leaveOut = () => {
        leftOut++
      }
      const place = database ?? spool.destination
      const to = await openDatabase(place, {})
      try {
        while (await deliverNext(spool, to, leaveOut)) signal.throwIfAborted()
      } finally {
        await to.db.destroy()
      }
      await removeSpool(spool)
      const rest = leftOut > 0 ? `, ${leftOut} left out, from beyond where the run was resumed` : ''
      return `: ${count(waiting - leftOut, 'snapshot')} delivered to ${place}${rest}, the file was deleted`
    }
    const paths = files ?? spoolsIn(folder)
    if (paths.length === 0) stdout.write(`nothing waits in ${folder}\n`)
    let failure: unknown
    for (const path of paths) {
      let spool: Spool | undefined
      try {
        spool = await reopenSpool(path)
        const said = await deliver(spool)
        stdout.write(`${path}${said}\n`)
      } catch (error) {
        signal.throwIfAborted()
        // the others may be whole, and for a server that is there
        stdout.write(`${path}: not delivered\n`)
        failure ??= error
      } finally {
        await spool?.db.destroy()
      }
    }
    if (failure) throw failure
  },
})

import {defineCommand, UsageError} from '../command.js'
import {list, required, text} from '../option.js'
import type {FoundRun} from '../runs/find.js'

/** Runs from one log into another. */
export const merge = defineCommand({
  name: 'merge',
  summary: 'copy runs from logs into another log; what is there already is left as it is',
  words: {files: required(list(text('the logs to copy from: files or postgres://...')))},
  options: {
    into: required(text('the log to copy into; made where there is none')),
    run: list(text('names or ids of runs; default all')),
  },
  examples: [
    ['merge node-*.db --into study.db', 'the files of many machines as one'],
    ['merge runs.db --into "postgres://anna@db.example/study?schema=first"', 'to a server'],
  ],
  async run({files, into, run}, {stdout, stderr, signal}) {
    if (files.includes(into)) {
      throw new UsageError(`into: expected another log than those to copy from, got "${into}"`)
    }
    const {copyRun} = await import('../../storage/copy-run.js')
    const {openLog} = await import('../../storage/log.js')
    const {chosenRuns, findRuns} = await import('../runs/find.js')
    const {createProgress} = await import('../progress.js')
    const {count} = await import('../select-runs.js')
    // all of them before the first, so that a wrong one leaves no log behind
    const all: FoundRun[] = []
    for (const file of files) {
      const from = await openLog(file, {readonly: true, signal})
      try {
        all.push(...(await findRuns(from)))
      } finally {
        await from.close()
      }
    }
    // A run may be in some of the files alone.
    const chosen = run && new Set(chosenRuns(all, run, files.join(', ')).map(({id}) => id))
    const to = await openLog(into, {spool: false})
    try {
      for (const file of files) {
        const from = await openLog(file, {readonly: true, signal})
        try {
          const runs = (await findRuns(from)).filter(({id}) => !chosen || chosen.has(id))
          const progress = createProgress(stderr, runs.length)
          let copied = 0
          let known = 0
          for (const [index, {id, name}] of runs.entries()) {
            const counts = await copyRun(from, to, id, () => signal.throwIfAborted())
            copied += counts.copied
            known += counts.known
            progress.update(index + 1, name)
          }
          progress.stop()
          stdout.write(
            `${file}: ${count(runs.length, 'run')}, ${count(copied, 'snapshot')} copied, ${known} there already\n`,
          )
        } finally {
          await from.close()
        }
      }
    } finally {
      await to.close()
    }
  },
})

import {defineCommand} from '../command.js'
import {flag, positive, text, withDefault} from '../option.js'

/** A training as it goes on, seen from outside. */
export const watch = defineCommand({
  name: 'watch',
  summary: 'show the newest numbers of a running training until it ends',
  options: {
    database: withDefault(text('the log; it is only read'), 'linear-regions.db'),
    run: text('name or id of the run; default: the one that was started last'),
    every: withDefault(positive('seconds between two looks'), 2),
    once: flag('look once and end'),
    json: flag('print a line of JSON for each snapshot'),
  },
  examples: [
    ['watch --database runs.db', 'beside the training, in a terminal of its own'],
    ['watch --once', 'the newest medians'],
    ['watch >> medians.log', 'a line for each snapshot'],
  ],
  async run({database, run, every, once, json}, {stdout, stderr, signal}) {
    const {setTimeout: sleep} = await import('node:timers/promises')
    const {openLog} = await import('../../storage/log.js')
    const {terminalWidth} = await import('../terminal.js')
    const {lines, screen} = await import('../watch/display.js')
    const {newestOf} = await import('../watch/newest.js')
    const {openIfThere} = await import('../watch/open.js')
    const onScreen = terminalWidth(stdout) !== undefined && !json
    const display = onScreen ? screen(stdout) : lines(stdout, json)
    // a training may be about to make the log; one look at nothing is a mistake
    let log = once ? await openLog(database, {readonly: true}) : undefined
    // Once it was chosen, a run is watched to its end, whatever is started beside it.
    let chosen = run
    try {
      for (let waiting = false; !signal.aborted; ) {
        log ??= await openIfThere(database)
        const state = log && (await newestOf(log, chosen))
        if (state) {
          chosen = state.run.id
          const over = state.run.status !== 'running'
          display[over ? 'end' : 'show'](state)
          if (over || once) return
        } else if (once) {
          throw new Error(`database: ${database} holds no runs yet`)
        } else if (!waiting) {
          waiting = true
          stderr.write(`waiting for a run in ${database}${log ? '' : ', which is not there yet'}\n`)
        }
        // Ctrl-C is the usual end of watching, and no failure.
        await sleep(every * 1000, undefined, {signal}).catch(() => undefined)
      }
    } finally {
      await log?.close()
    }
  },
})

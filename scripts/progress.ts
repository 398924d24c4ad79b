import type {Writable} from 'node:stream'
import cliProgress from 'cli-progress'

// The package is CommonJS, and Node does not see Format among its names.
const {Format, SingleBar} = cliProgress

/** Shows how far a command is. */
export interface Progress {
  /** `done` of the total are done now; `what` says in a few words what is under way. */
  update(done: number, what: string): void
  /** Takes the bar off the screen; what is written afterwards starts on a line of its own. */
  stop(): void
}

/**
 * A bar with the time left where the stream is a terminal; elsewhere a plain line at each tenth.
 * Nothing is written to any other stream.
 *
 * @param total of what is to be done, in whatever unit: steps, or what each weighs
 * @param updates how often `update` is called; default: once for each of the total
 *
 * @example
 * const progress = createProgress(process.stderr, 60)
 * progress.update(1, 'seed 1, epoch 1')
 * progress.stop()
 */
export function createProgress(stream: Writable, total: number, updates = total): Progress {
  return (stream as NodeJS.WriteStream).isTTY ? bar(stream, total, updates) : lines(stream, total)
}

function bar(stream: Writable, total: number, updates: number): Progress {
  const one = new SingleBar({
    stream: stream as NodeJS.WriteStream,
    format: (options, {progress, value, eta}, {what}) => {
      const drawn = Format.BarFormat(progress, options)
      // Before the first update nothing is known of the time; cli-progress would say 0 s.
      const left = value === 0 ? 'starting' : `${Format.TimeFormat(eta, options, 5)} left`
      return [`${drawn} ${Math.floor(100 * progress)} %`, left, what].filter(Boolean).join(' | ')
    },
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    gracefulExit: true,
    // The time left is judged by the last tenth: measuring makes some steps slower than others.
    etaBuffer: Math.max(10, Math.round(updates / 10)),
  })
  one.start(total, 0, {what: ''})
  return {update: (done, what) => one.update(done, {what}), stop: () => one.stop()}
}

function lines(stream: Writable, total: number): Progress {
  const started = performance.now()
  let tenth = 0
  return {
    update(done, what) {
      const reached = Math.floor((10 * done) / total)
      if (reached <= tenth) return
      tenth = reached
      const seconds = (performance.now() - started) / 1000
      stream.write(
        `${reached * 10} % after ${seconds.toFixed(0)} s, about ${((seconds * (total - done)) / done).toFixed(0)} s left: ${what}\n`,
      )
    },
    stop: () => undefined,
  }
}

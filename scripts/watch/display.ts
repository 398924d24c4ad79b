import type {Writable} from 'node:stream'
import {jsonText} from '../amounts.js'
import {oneLine, terminalWidth} from '../terminal.js'
import type {Newest} from './newest.js'
import {statusText, watchLine, watchScreen} from './text.js'

/** Where the states of a run are shown, one after another. */
export interface Display {
  show(state: Newest): void
  /** The last state was shown: says what became of the run. */
  end(state: Newest): void
}

/** Each state takes the place of the one before it. `now`: milliseconds since 1970. */
export function screen(stream: Writable, now: () => number = Date.now): Display {
  let drawn = 0
  const draw = (state: Newest) => {
    const rows = (stream as Partial<NodeJS.WriteStream>).rows || 24
    const all = watchScreen(state, now(), terminalWidth(stream) ?? 80)
    // What has left the top of the screen cannot be drawn over.
    const lines = all.slice(0, rows - 1)
    if (all.length > lines.length) lines[lines.length - 1] = '…'
    stream.write(`${drawn > 0 ? `\u001b[${drawn}A\u001b[0J` : ''}${lines.join('\n')}\n`)
    drawn = lines.length
  }
  return {show: draw, end: draw}
}

/** A line for each snapshot, once it is there. */
export function lines(stream: Writable, json: boolean, now: () => number = Date.now): Display {
  let last: number | null | undefined
  const show = (state: Newest) => {
    const id = state.snapshot?.id ?? null
    if (id === last) return
    last = id
    stream.write(json ? jsonText(state, 0) : `${watchLine(state)}\n`)
  }
  return {
    show,
    end(state) {
      show(state)
      if (json) return
      const {run} = state
      stream.write(`${oneLine(run.name)}, seed ${run.seed}: ${statusText(run, now())}\n`)
    },
  }
}

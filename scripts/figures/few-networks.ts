import {count, type Selection} from '../select-runs.js'

/** Networks that a figure of panels for each of them can show and still be read. */
const most = 6

/**
 * The runs that a figure shows which has panels for each network: all of a few networks; of more, the
 * runs of one, with a note that says so. It is the one that most others are variants of, by their names
 * (`mlp-128x3-sgd` is one of `mlp-128x3`), else the first.
 */
export function fewNetworks({runs, notes}: Selection): Selection {
  const names = [...new Set(runs.map((run) => run.name))]
  if (names.length <= most) return {runs, notes}
  const variants = (name: string) => names.filter((other) => other.startsWith(`${name}-`)).length
  const [shown] = [...names].sort((a, b) => variants(b) - variants(a))
  return {
    runs: runs.filter(({name}) => name === shown),
    notes: [
      ...notes,
      `Shown: ${shown}, one of ${count(names.length, 'network')}; --run names others.`,
    ],
  }
}

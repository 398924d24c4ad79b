import {count, type Selection} from '../select-runs.js'

/**
 * The runs of one of the networks, with a note that says so. It is the one that most others are variants
 * of, by their names (`mlp-128x3-sgd` is one of `mlp-128x3`), else the first.
 */
export function oneNetwork({runs, notes}: Selection): Selection {
  const names = networksOf({runs})
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

/** The names of the runs, each once. */
export function networksOf({runs}: Pick<Selection, 'runs'>): readonly string[] {
  return [...new Set(runs.map(({name}) => name))]
}

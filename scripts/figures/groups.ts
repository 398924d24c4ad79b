import type {Colour, Dash} from './spec.js'

interface Look {
  readonly colour: string
  /** Lengths of dash and gap, so that lines can be told apart in grey too. */
  readonly dash: readonly number[]
}

/** Okabe and Ito's colours, which people with any colour blindness can tell apart. */
const builtIn: Readonly<Record<string, Look>> = {
  train: {colour: '#0072b2', dash: [1, 0]},
  test: {colour: '#e69f00', dash: [6, 2]},
  uniform: {colour: '#d55e00', dash: [8, 3]},
  gaussian: {colour: '#009e73', dash: [2, 2]},
  shuffled: {colour: '#cc79a7', dash: [10, 3, 2, 3]},
  adversarial: {colour: '#000000', dash: [4, 3]},
  trigger: {colour: '#8c5a2b', dash: [8, 2, 2, 2, 2, 2]},
}

/** For groups of a user's own, in the order in which they come. */
const spare: readonly Look[] = [
  {colour: '#7f7f7f', dash: [6, 2]},
  {colour: '#56b4e9', dash: [2, 3]},
  {colour: '#5e3c99', dash: [9, 3]},
  {colour: '#7a9a01', dash: [4, 4]},
]

/**
 * The order of groups in legends, tables and panels: the built-in ones first, training points at the
 * head of all, then a user's own by name.
 *
 * @example
 * inOrder(['uniform', 'mine', 'train']) // ['train', 'uniform', 'mine']
 */
export function inOrder(groups: Iterable<string>): readonly string[] {
  const known = Object.keys(builtIn)
  const place = (group: string) => (known.includes(group) ? known.indexOf(group) : known.length)
  return [...new Set(groups)].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
}

/**
 * The groups that share a panel. Two bands can be told apart, five cannot: where there are more than
 * two, training points meet each other group in a panel of its own.
 *
 * @example
 * opposed(['train', 'uniform', 'shuffled']) // [['train', 'uniform'], ['train', 'shuffled']]
 */
export function opposed(groups: readonly string[]): readonly (readonly string[])[] {
  if (groups.length <= 2) return [groups]
  if (!groups.includes('train')) return groups.map((group) => [group])
  return groups.filter((group) => group !== 'train').map((group) => ['train', group])
}

/** Those of the groups that a network's runs hold. */
export function heldGroups(
  groups: readonly string[],
  rows: readonly {readonly name: string; readonly group: string}[],
  name: string,
): readonly string[] {
  const held = new Set(rows.filter((row) => row.name === name).map((row) => row.group))
  return groups.filter((group) => held.has(group))
}

/** Names the groups of a panel: `train against uniform points`. */
export function groupsTitle(groups: readonly string[]): string {
  return `${groups.join(' against ')} points`
}

/** What colours the marks of a group: the same in every figure. */
export function groupColour(groups: readonly string[]) {
  return channel(groups, (look) => look.colour) satisfies Colour
}

/** What dashes the lines of a group; shares the legend with the colour. */
export function groupDash(groups: readonly string[]) {
  return channel(groups, (look) => [...look.dash]) satisfies Dash
}

function channel<Range>(groups: readonly string[], part: (look: Look) => Range) {
  let own = 0
  return {
    field: 'group',
    type: 'nominal' as const,
    scale: {
      domain: [...groups],
      range: groups.map((group) => part(builtIn[group] ?? spare[own++ % spare.length]!)),
    },
    legend: {
      labelExpr: "datum.label + ' points'",
      symbolType: 'stroke' as const,
      symbolOpacity: 1,
      // So many do not fit in a line.
      ...(groups.length > 4 && {columns: 3}),
    },
  }
}

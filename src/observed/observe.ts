import {boundLayers, type LayerBounds} from '../bounds/bound-layers.js'
import type {Forward} from '../forward.js'
import type {Radii, Session} from '../measure.js'
import {atEachRadius} from './at-each-radius.js'
import {countCrossed, type FrameSettings} from './cross-polytope.js'
import {type OpenForms, openForms} from './open-forms.js'
import {countPatterns, type PatternSettings} from './patterns.js'
import {type WitnessSettings, witness} from './witness.js'

/** What to look for in each ball; nothing by default. */
export interface ObserveRequest {
  readonly witnessed?: WitnessSettings | undefined
  readonly patterns?: PatternSettings | undefined
  readonly localComplexity?: FrameSettings | undefined
}

/** Units that were seen to change: a lower bound on the units that cut each ball. */
export interface Witnessed extends Radii {
  /** Per kinked layer, `[points]`. */
  readonly witnessed: readonly Int32Array[]
}

/** Distinct activation patterns that were seen: a lower bound on the regions that meet each ball. */
export interface Patterns extends Radii {
  /** `[points]` */
  readonly patterns: Int32Array
}

/** Units that differ between the vertices of a random cross-polytope in each ball. */
export interface Crossed extends Radii {
  /** Per kinked layer, `[points]`. */
  readonly crossed: readonly Int32Array[]
}

/** What was seen, in the order of the radii. */
export interface Observed {
  readonly witnessed: readonly Witnessed[]
  readonly patterns: readonly Patterns[]
  readonly localComplexity: readonly Crossed[]
}

/** What 'combined' bounds leave open: by chunk of points, then by rank of the radius. */
export type OpenBalls = Map<Forward, (readonly OpenForms[])[]>

/**
 * Looks for what happens in each ball: the lower side of the bounds.
 *
 * @param open filled already where 'combined' bounds were asked for too; else it is filled here
 */
export async function observe(
  session: Session,
  {witnessed, patterns, localComplexity}: ObserveRequest,
  radii: readonly Radii[],
  open: OpenBalls,
): Promise<Observed> {
  const {tools} = session
  if ((witnessed || patterns) && open.size === 0) await findOpen(session, radii, open)
  const openAt = (forward: Forward, rank: number) => open.get(forward)![rank]!
  const found: {-readonly [Name in keyof Observed]: Observed[Name]} = {
    witnessed: [],
    patterns: [],
    localComplexity: [],
  }
  if (witnessed) {
    const lists = await atEachRadius(session, 'witnessed', radii, ({forward, radius, rank}) =>
      witness(tools, forward, radius, openAt(forward, rank), witnessed),
    )
    found.witnessed = radii.map((rule, k) => ({...rule, witnessed: lists[k]!}))
  }
  if (patterns) {
    const lists = await atEachRadius(session, 'patterns', radii, async (balls) => [
      await countPatterns(tools, balls, openAt(balls.forward, balls.rank), patterns),
    ])
    found.patterns = radii.map((rule, k) => ({...rule, patterns: lists[k]![0]!}))
  }
  if (localComplexity) {
    const lists = await atEachRadius(session, 'local-complexity', radii, (balls) =>
      countCrossed(tools, balls, localComplexity),
    )
    found.localComplexity = radii.map((rule, k) => ({...rule, crossed: lists[k]!}))
  }
  return found
}

async function findOpen(session: Session, radii: readonly Radii[], open: OpenBalls): Promise<void> {
  let larger: LayerBounds | undefined
  await atEachRadius(session, 'bound combined', radii, async ({forward, radius, rank}) => {
    larger = await boundLayers(
      session.tools,
      forward,
      radius,
      'combined',
      rank > 0 ? larger : undefined,
      false,
    )
    noteOpen(open, forward, larger)
    return []
  })
}

/** Adds the next smaller balls of a chunk of points. */
export function noteOpen(open: OpenBalls, forward: Forward, bounds: LayerBounds): void {
  open.set(forward, [...(open.get(forward) ?? []), openForms(forward, bounds)])
}

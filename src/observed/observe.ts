import {boundLayers, type LayerBounds} from '../bounds/bound-layers.js'
import type {Forward} from '../forward/forward.js'
import type {Radii} from '../measure.js'
import {atEachRadius, type Balls, type PerPoint} from '../radii/at-each-radius.js'
import type {Session} from '../session.js'
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
  /** What was left out because it was time to stop, as '<measure>, <rule>'. */
  readonly skipped: readonly string[]
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
  const openAt = openBalls(session, open)
  const skipped: string[] = []
  /** The numbers that `to` makes of what is seen, for each radius that was reached. */
  const atRadii = async <Settings, const Lists extends readonly PerPoint[], Found>(
    name: string,
    settings: Settings | undefined,
    look: (balls: Balls, settings: Settings) => Promise<Lists>,
    to: (lists: Lists) => Found,
  ): Promise<(Radii & Found)[]> => {
    if (!settings) return []
    const seen = await atEachRadius(session, name, radii, (balls) => look(balls, settings))
    return radii.flatMap((radius, k) => {
      const lists = seen[k]
      if (lists) return [{...radius, ...to(lists)}]
      skipped.push(`${name}, ${radius.rule}`)
      return []
    })
  }
  return {
    witnessed: await atRadii(
      'witnessed',
      witnessed,
      async (balls, settings) =>
        witness(tools, balls.forward, balls.radius, await openAt(balls), settings),
      (lists) => ({witnessed: lists}),
    ),
    patterns: await atRadii(
      'patterns',
      patterns,
      async (balls, settings) =>
        [await countPatterns(tools, balls, await openAt(balls), settings)] as const,
      ([count]) => ({patterns: count}),
    ),
    localComplexity: await atRadii(
      'local-complexity',
      localComplexity,
      (balls, settings) => countCrossed(tools, balls, settings),
      (lists) => ({crossed: lists}),
    ),
    skipped,
  }
}

/** What 'combined' leaves open in the balls of one rank, bounded where it was not before. */
function openBalls({tools}: Session, open: OpenBalls) {
  const larger = new Map<Forward, LayerBounds>()
  return async ({forward, radius, rank}: Balls): Promise<readonly OpenForms[]> => {
    if (!open.get(forward)?.[rank]) {
      const bounds = await boundLayers(
        tools,
        forward,
        radius,
        'combined',
        larger.get(forward),
        false,
      )
      larger.set(forward, bounds)
      noteOpen(open, forward, bounds)
    }
    return open.get(forward)![rank]!
  }
}

/** Adds the next smaller balls of a chunk of points. */
export function noteOpen(open: OpenBalls, forward: Forward, bounds: LayerBounds): void {
  open.set(forward, [...(open.get(forward) ?? []), openForms(forward, bounds)])
}

import type {LogReader, SelectedRun} from '../select-runs.js'

/** What the monitor logs in `environment.groups` of how a group's points are made. */
interface Settings {
  readonly adversarial?: {
    readonly radiusRule: string
    /** In input units; absent where it differs from point to point. */
    readonly radius?: number
    readonly steps: number
  }
  readonly trigger?: {readonly size: number; readonly value: number; readonly corner: string}
}

/** How the points of a group are made, or undefined where nothing was logged of it. */
const words = {
  adversarial: ({adversarial}: Settings) => {
    if (!adversarial) return undefined
    const {radiusRule, radius, steps} = adversarial
    const value = radius === undefined ? radiusRule : `${Number(radius.toPrecision(3))}`
    const rule = value === radiusRule ? '' : ` (${radiusRule})`
    return `training points moved uphill on the loss in ${steps} steps within the l2 radius ${value}${rule}`
  },
  trigger: ({trigger}: Settings) => {
    if (!trigger) return undefined
    const {size, value, corner} = trigger
    const level = Number(value.toPrecision(3))
    return `training points with ${size} x ${size} pixels at the ${corner.replace('-', ' ')} set to ${level}`
  },
}

/**
 * Says of adversarial and trigger points how they were made, where the log has it.
 *
 * @returns a sentence for each of the groups, or none
 *
 * @example
 * await settingsCaption(log, runs, ['train', 'trigger'])
 * // ['Trigger points: training points with 4 x 4 pixels at the bottom right set to 1.']
 */
export async function settingsCaption(
  {db}: LogReader,
  runs: readonly SelectedRun[],
  groups: readonly string[],
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('runs')
    .select('environment')
    .where(
      'id',
      'in',
      runs.map((run) => run.id),
    )
    .orderBy('name')
    .orderBy('seed')
    .execute()
  const settings = rows.map(({environment}) => settingsIn(environment))
  return (['adversarial', 'trigger'] as const).flatMap((group) => {
    const known = settings.map(words[group]).filter((said) => said !== undefined)
    if (!groups.includes(group) || known.length === 0) return []
    const name = `${group.charAt(0).toUpperCase()}${group.slice(1)}`
    return [`${name} points: ${[...new Set(known)].join('; or ')}.`]
  })
}

function settingsIn(environment: string | null): Settings {
  return (JSON.parse(environment ?? '{}') as {groups?: Settings} | null)?.groups ?? {}
}

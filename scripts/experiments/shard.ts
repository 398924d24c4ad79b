import {UsageError} from '../command.js'

/** The part of a study that one process takes. */
export interface Shard {
  /** From 1. */
  readonly number: number
  readonly count: number
  /** What said so, for people: `--shard`, `SLURM_ARRAY_TASK_ID`. */
  readonly source: string
}

/** The option's words: `3/100`, or `100` where a scheduler says which. */
export interface ShardOption {
  readonly number: number | undefined
  readonly count: number
}

/** Reads `3/100` or `100`; undefined where it is neither. */
export function parseShard(word: string): ShardOption | undefined {
  const [, first, second] = /^(\d+)(?:\/(\d+))?$/.exec(word) ?? []
  if (first === undefined) return undefined
  const [number, count] =
    second === undefined ? [undefined, Number(first)] : [Number(first), Number(second)]
  const fits = number === undefined || (number >= 1 && number <= count)
  return fits && count >= 1 && Number.isSafeInteger(count) ? {number, count} : undefined
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The share that this process is to take: the option's, else what Slurm says to a task of an array
 * (SLURM_ARRAY_TASK_ID, from SLURM_ARRAY_TASK_MIN on, of SLURM_ARRAY_TASK_COUNT) or Kubernetes to a pod
 * of an indexed job (JOB_COMPLETION_INDEX, from 0 on; the option must say of how many). Undefined
 * where nothing is said: all of it.
 *
 * @throws `UsageError` where the two do not fit, or only one of number and count is known
 */
export function shardOf(option: ShardOption | undefined, env: Environment): Shard | undefined {
  if (option?.number !== undefined) {
    return {number: option.number, count: option.count, source: '--shard'}
  }
  const task = scheduled(env)
  if (!task) {
    if (!option) return undefined
    throw new UsageError(
      `shard: expected NUMBER/COUNT, such as 3/${option.count}, got ${option.count} alone, and neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set`,
    )
  }
  const count = option?.count ?? task.count
  if (count === undefined) {
    throw new UsageError(
      `shard: ${task.source} is set, which says nothing of how many there are; give --shard COUNT, or --shard 1/1 for the whole study`,
    )
  }
  if (task.number > count) {
    throw new UsageError(
      `shard: expected a count of at least ${task.number}, which ${task.source} says this process is, got ${count}`,
    )
  }
  return {number: task.number, count, source: task.source}
}

function scheduled(env: Environment): {number: number; count?: number; source: string} | undefined {
  const read = (name: string, fallback?: number) => {
    const value = env[name]
    if (value === undefined || value === '') return fallback
    if (/^\d+$/.test(value)) return Number(value)
    throw new UsageError(`shard: expected a whole number in ${name}, got "${value}"`)
  }
  const slurm = read('SLURM_ARRAY_TASK_ID')
  if (slurm !== undefined) {
    const count = read('SLURM_ARRAY_TASK_COUNT')
    return {
      number: slurm - read('SLURM_ARRAY_TASK_MIN', 1)! + 1,
      ...(count !== undefined && {count}),
      source: 'SLURM_ARRAY_TASK_ID',
    }
  }
  const index = read('JOB_COMPLETION_INDEX')
  return index === undefined ? undefined : {number: index + 1, source: 'JOB_COMPLETION_INDEX'}
}

/**
 * The share of a list: every `count`-th of its items, so that seeds of one network, which cost the same,
 * fall to different processes. It depends on the list and the shard alone.
 *
 * @example
 * shareOf(['a', 'b', 'c', 'd', 'e'], {number: 2, count: 3}) //-> ['b', 'e']
 */
export function shareOf<Item>(
  items: readonly Item[],
  {number, count}: Pick<Shard, 'number' | 'count'>,
): readonly Item[] {
  return items.filter((_, index) => index % count === number - 1)
}

import {readFileSync, readlinkSync} from 'node:fs'
import {hostname} from 'node:os'

/** Which process a run belongs to. What a system does not tell is null. */
export interface ProcessMark {
  readonly pid: number
  /** Namespace of the number: tells containers with the same host name apart. */
  readonly space?: string | null
  /** The machine's run from one start to the next: tells machines with the same host name apart. */
  readonly boot?: string | null
  /** When the process began, in ticks since the machine did: numbers of processes are used again. */
  readonly started?: number | null
}

/** What is known of the process of a mark. */
export type ProcessState = 'alive' | 'gone' | 'unknown'

let own: ProcessMark | undefined

/** The mark of this process, kept in the run's `environment` under `process`. */
export function thisProcess(): ProcessMark {
  own ??= {
    pid: process.pid,
    space: orNull(() => readlinkSync('/proc/self/ns/pid')),
    boot: orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    started: lookAt(process.pid)?.started ?? null,
  }
  return own
}

/** Whether two marks are of one process. */
export function isSameProcess(one: ProcessMark, other: ProcessMark): boolean {
  return (['pid', 'space', 'boot', 'started'] as const).every(
    (part) => (one[part] ?? null) === (other[part] ?? null),
  )
}

/**
 * Whether a process is there: unknown on another machine or in another container, which cannot be
 * looked into from here. Where the system does not tell when a process began, one that has the
 * number counts as the one.
 */
export function stateOf(mark: ProcessMark, host: string): ProcessState {
  const {space, boot} = thisProcess()
  const isHere = host === hostname() && isEqual(mark.space, space) && isEqual(mark.boot, boot)
  if (!isHere) return 'unknown'
  try {
    process.kill(mark.pid, 0)
  } catch (error) {
    // it is there where it is somebody else's, who may not be sent signals
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'gone'
  }
  const seen = lookAt(mark.pid)
  if (!seen) return 'alive'
  return seen.isZombie || !isEqual(mark.started, seen.started) ? 'gone' : 'alive'
}

// a mark that says nothing of a part contradicts nothing
function isEqual<T>(marked: T | null | undefined, seen: T | null | undefined): boolean {
  return marked == null || marked === seen
}

/** What Linux tells of a process; undefined elsewhere. */
function lookAt(pid: number): {started: number; isZombie: boolean} | undefined {
  const text = orNull(() => readFileSync(`/proc/${pid}/stat`, 'latin1'))
  if (text === null) return undefined
  // behind the name, which may hold anything: the state is the 3rd field, the start the 22nd
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return {started: Number(fields[19]), isZombie: /[ZX]/.test(fields[0]!)}
}

function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}

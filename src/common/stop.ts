/** Ends a measurement early, between its pieces, so that what is whole by then stays. */
export interface Stop {
  /** Throws where it is time to stop: called between chunks of points and between layers, where no tensor is held. */
  readonly check: () => void
  /** Runs a piece that counts only as a whole; undefined where it was stopped, or would begin too late. */
  readonly whole: <T>(piece: () => Promise<T>) => Promise<T | undefined>
}

class Stopped extends Error {}

/**
 * Stops once `isTime` says so, and never before one piece is whole.
 *
 * @param isTime asked at every check; a stopped measurement stays stopped
 */
export function createStop(isTime: () => boolean = () => false): Stop {
  let wholes = 0
  let stopped = false
  const check = () => {
    stopped ||= wholes > 0 && isTime()
    if (stopped) throw new Stopped()
  }
  return {
    check,
    whole: async (piece) => {
      try {
        check()
        const result = await piece()
        wholes++
        return result
      } catch (error) {
        if (error instanceof Stopped) return undefined
        throw error
      }
    },
  }
}

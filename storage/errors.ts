/**
 * Something is wrong with a log or with what was to be written to it: the file is no log, cannot
 * be written or is damaged, a value is NaN, a run cannot be resumed. The message is one sentence
 * that says what to do; nothing of the refused work is in the log.
 *
 * ```ts
 * try {
 *   await openLog('holiday.jpg')
 * } catch (error) {
 *   if (error instanceof LogError) console.error(error.message)
 *   //-> database: "holiday.jpg" is not a SQLite file; it was left as it is, name another file
 * }
 * ```
 */
export class LogError extends Error {
  override readonly name = 'LogError'

  constructor(message: string, options?: ErrorOptions) {
    // a path may hold anything; the message stays one line
    super(message.replace(/\p{Cc}+/gu, ' '), options)
  }
}

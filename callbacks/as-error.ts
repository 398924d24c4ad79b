import {show} from '../src/common/show.js'

/**
 * What was thrown, as an error. A function of the user's may throw anything at all, also what no
 * text can be made of, and that must not stop a training either.
 */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown))
}

/** What was thrown, in one line. */
export function messageOf(thrown: unknown): string {
  const message = (thrown as {message?: unknown} | null | undefined)?.message
  if (typeof message === 'string') return message.replaceAll(/\s*[\p{Cc}\u2028\u2029]+\s*/gu, ' ')
  return typeof thrown === 'string' ? messageOf({message: thrown}) : show(thrown)
}

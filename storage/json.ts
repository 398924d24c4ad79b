import {LogError} from './errors.js'

/**
 * JSON text for a column. Infinity becomes the string `"Infinity"`, for JSON has no number for it.
 *
 * ```ts
 * toJson({radius: Infinity}, 'config') //-> '{"radius":"Infinity"}'
 * ```
 *
 * @throws LogError naming `column` for NaN and for what JSON cannot hold
 */
export function toJson(value: unknown, column: string): string {
  const replace = (key: string, item: unknown): unknown => {
    if (typeof item !== 'number' || Number.isFinite(item)) return item
    if (Number.isNaN(item)) {
      throw new LogError(`${column}: expected numbers, got NaN${key && ` for ${key}`}`)
    }
    return String(item)
  }
  try {
    const text = JSON.stringify(value, replace)
    if (text !== undefined) return text
  } catch (cause) {
    if (cause instanceof LogError) throw cause
    const [why] = (cause as Error).message.split('\n')
    throw new LogError(`${column}: expected what JSON can hold (${why})`, {cause})
  }
  throw new LogError(`${column}: expected what JSON can hold, got ${typeof value}`)
}

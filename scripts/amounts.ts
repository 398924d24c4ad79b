/**
 * A duration in words of at most two units.
 *
 * @example
 * durationText(108) // '1 min 48 s'
 */
export function durationText(seconds: number): string {
  if (seconds < 9.95) return `${Number(Math.max(0, seconds).toFixed(1))} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  const minutes = Math.round(whole / 60)
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  const hours = Math.round(minutes / 60)
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** An ISO time without its fraction: `2026-01-31 12:00:00 UTC`. */
export function timeText(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`
}

/** Three digits of a number, as a number again: enough to compare by eye. */
export function rounded(value: number | null | undefined, digits = 3): number | null {
  return value === null || value === undefined ? null : Number(value.toPrecision(digits))
}

/**
 * JSON for people and programs, ended by a line break; infinity is the text `"Infinity"`.
 *
 * @param indent blanks before what is inside; 0: all of it in one line
 *
 * @example
 * stdout.write(jsonText([{median: Infinity}]))
 */
export function jsonText(value: unknown, indent = 2): string {
  const replace = (_key: string, item: unknown) =>
    typeof item === 'number' && !Number.isFinite(item) ? String(item) : item
  return `${JSON.stringify(value, replace, indent)}\n`
}

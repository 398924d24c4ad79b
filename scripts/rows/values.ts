import type {Value} from '../sql/ask.js'

/** A value as JSON can hold it: infinity as `"Infinity"`, bytes as base64. */
export function jsonValue(value: Value | undefined): string | number | null {
  if (value === undefined) return null
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}

/**
 * A value as a field of CSV (RFC 4180). Null is left empty, an empty text is two quotes.
 *
 * @example
 * csvField('a "b"') // '"a ""b"""'
 */
export function csvField(value: Value | undefined): string {
  const plain = jsonValue(value)
  if (typeof plain !== 'string') return plain === null ? '' : String(plain)
  return plain === '' || /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

/** A value for a table that is read by people: bytes are counted. */
export function tableCell(value: Value | undefined): string | number | null {
  if (value instanceof Uint8Array) return `${value.length.toLocaleString('en-US')} bytes`
  return value ?? null
}

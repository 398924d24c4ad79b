/**
 * Values as pg gives them, made equal to what SQLite gives: whole numbers and decimals are numbers,
 * where a double holds them exactly enough, truth is 1 or 0, and what SQLite has no type for (times,
 * JSON, arrays, ...) is text.
 *
 * @param type PostgreSQL's number of the type
 */
export function postgresParser(type: number): (text: string) => unknown {
  return parsers[type] ?? same
}

const same = (text: string) => text

function whole(text: string): number | string {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : text
}

const bytes = (text: string) => Buffer.from(text.slice(2), 'hex')

// by the numbers in pg_type, which never change
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  16: (text) => Number(text === 't'), // bool
  17: bytes, // bytea, in hexadecimal
  20: whole, // int8: a bigint, or a count
  21: Number, // int2
  23: Number, // int4
  26: Number, // oid
  700: Number, // float4
  701: Number, // float8
  1700: Number, // numeric: the sum of bigints, the mean of integers
}

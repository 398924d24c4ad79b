/**
 * One option of a command: how its words become a value, and the words for `--help`.
 * In a command's table the key is the name in camel case: `trainSize` is given as `--train-size`.
 */
export interface Option<Value> {
  readonly describe: string
  /** What is expected, to end the sentence `points: expected ..., got 0`. */
  readonly expected: string
  /** Takes the word as given; undefined where it is not what is expected. */
  readonly parse: (word: string) => unknown
  readonly fallback: Value
  /** The default in the words of `--help`, where the value itself would not explain it. */
  readonly fallbackText?: string
  readonly kind: 'value' | 'list' | 'flag'
  readonly required: boolean
  /** All that it can be, for the completion of the shell. */
  readonly words?: readonly string[]
}

// biome-ignore lint/suspicious/noExplicitAny: a table mixes options of every type
export type OptionTable = Readonly<Record<string, Option<any>>>

/** The values of a table of options, by the same names. */
export type Values<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Option<infer Value> ? Value : never
}

interface Range {
  readonly least?: number
  readonly most?: number
}

/** One word, read by a function of its own. */
export function value<Value>(
  describe: string,
  expected: string,
  parse: (word: string) => Value | undefined,
): Option<Value | undefined> {
  return {describe, expected, parse, fallback: undefined, kind: 'value', required: false}
}

/** A text, such as a path. */
export const text = (describe: string) =>
  value(describe, 'a text', (word) => (word === '' ? undefined : word))

/** One of a few words. */
export const choice = <const Word extends string>(
  describe: string,
  words: readonly Word[],
): Option<Word | undefined> => ({
  ...value(`${describe} (${words.join(', ')})`, `one of ${words.join(', ')}`, (word) =>
    words.find((known) => known === word),
  ),
  words,
})

/** A whole number, at least 1 unless said otherwise. */
export const whole = (
  describe: string,
  {least = 1, most = Number.MAX_SAFE_INTEGER}: Range = {},
): Option<number | undefined> =>
  value(
    describe,
    most === Number.MAX_SAFE_INTEGER
      ? `a whole number of at least ${least}`
      : `a whole number from ${least} to ${most}`,
    (word) => {
      const number = toNumber(word)
      return Number.isSafeInteger(number) && number >= least && number <= most ? number : undefined
    },
  )

/** A number above 0. */
export const positive = (describe: string): Option<number | undefined> =>
  value(describe, 'a number above 0', (word) => {
    const number = toNumber(word)
    return Number.isFinite(number) && number > 0 ? number : undefined
  })

/** A number of at least 0. */
export const number = (describe: string): Option<number | undefined> =>
  value(describe, 'a number of at least 0', (word) => {
    const read = toNumber(word)
    return Number.isFinite(read) && read >= 0 ? read : undefined
  })

/** A switch: `--force`, or `--no-force` where its default is true. */
export const flag = (describe: string, fallback = false): Option<boolean> => ({
  describe,
  expected: 'no value',
  parse: (word) => word,
  fallback,
  kind: 'flag',
  required: false,
})

/** Gives an option the value that holds where it is not named. */
export function withDefault<Value>(
  option: Option<Value | undefined>,
  fallback: NonNullable<Value>,
  fallbackText?: string,
): Option<NonNullable<Value>> {
  return {...(option as Option<NonNullable<Value>>), fallback, ...(fallbackText && {fallbackText})}
}

/** An option that must be named. */
export function required<Value>(option: Option<Value>): Option<NonNullable<Value>> {
  return {...(option as Option<NonNullable<Value>>), required: true}
}

/** Takes one or more words: `--model a b`, `--model a,b` and `--model a --model b` are the same. */
export function list<Value>(
  option: Option<Value | undefined>,
): Option<readonly Value[] | undefined> {
  return {...(option as Option<never>), fallback: undefined, kind: 'list'}
}

/** Number('') is 0 and Number('0x10') is 16: neither is what a person meant. */
function toNumber(word: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : Number.NaN
}

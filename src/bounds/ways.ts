import {type LargeNumber, LargeSum} from './large-number.js'
import {log2Sum} from './log2-sum.js'

/**
 * The ways to cut j of a layer's kinks: the coefficients of x^j in (1 + x)^kinks (1 + 2x)^doubles, each mantissa 2^exponent
 * with the mantissa in [1, 2).
 */
export interface Ways extends Row {
  /** The sums of those up to each j. */
  readonly sums: Row
}

interface Row {
  readonly mantissa: Float64Array
  readonly exponent: Int32Array
}

const longest = 1024

/** As many ways are kept in all, in 24 bytes each. */
const mostKept = 2 ** 20

/** Short ones come up again at point after point. */
const known = new Map<number, Ways>()
let kept = 0

/** @param most the largest j that is asked for */
export function waysOf(kinks: number, doubles: number, most: number): Ways {
  if (kinks + doubles > longest) return makeWays(kinks, doubles, Math.min(most, kinks + doubles))
  const key = kinks * (longest + 1) + doubles
  const before = known.get(key)
  if (before) return before
  const ways = makeWays(kinks, doubles, kinks + doubles)
  kept += ways.mantissa.length
  if (kept > mostKept) {
    known.clear()
    kept = ways.mantissa.length
  }
  known.set(key, ways)
  return ways
}

function makeWays(kinks: number, doubles: number, most: number): Ways {
  const logs = log2Ways(kinks, doubles, most)
  const ways = {...emptyRow(logs.length), sums: emptyRow(logs.length)}
  const sum = new LargeSum()
  for (let j = 0; j < logs.length; j++) {
    const exponent = Math.floor(logs[j]!)
    const mantissa = 2 ** (logs[j]! - exponent)
    write(ways, j, {mantissa, exponent})
    sum.add(mantissa, exponent)
    write(ways.sums, j, sum.get())
  }
  return ways
}

function emptyRow(length: number): Row {
  return {mantissa: new Float64Array(length), exponent: new Int32Array(length)}
}

function write(row: Row, at: number, {mantissa, exponent}: LargeNumber): void {
  row.mantissa[at] = mantissa
  row.exponent[at] = exponent
}

function log2Ways(kinks: number, doubles: number, most: number): Float64Array {
  const once = log2Binomials(kinks, Math.min(kinks, most))
  if (doubles === 0) return once
  const twice = log2Binomials(doubles, Math.min(doubles, most)).map((log, j) => log + j)
  return Float64Array.from({length: most + 1}, (_, j) => {
    const terms: number[] = []
    for (let i = Math.max(0, j - kinks); i <= Math.min(doubles, j); i++) {
      terms.push(twice[i]! + once[j - i]!)
    }
    return log2Sum(terms)
  })
}

/** log2 C(m, j) for j = 0..most. */
function log2Binomials(m: number, most: number): Float64Array {
  const row = new Float64Array(most + 1)
  for (let j = 1; j <= most; j++) row[j] = row[j - 1]! + Math.log2((m - j + 1) / j)
  if (most === m) row[m] = 0
  return row
}

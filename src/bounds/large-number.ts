/** mantissa 2^exponent, above 0 and as large as counts get: the mantissa is in [1, 2), the exponent whole. */
export interface LargeNumber {
  readonly mantissa: number
  readonly exponent: number
}

export const one: LargeNumber = {mantissa: 1, exponent: 0}

/** Smaller shares of a sum than 2^-1022 are below its rounding. */
const least = 1022

/** 2^-k for k = 0..1022. */
const powers = Float64Array.from({length: least + 1}, (_, k) => 2 ** -k)

/** 2^bits */
export function powerOf2(bits: number): LargeNumber {
  const exponent = Math.floor(bits)
  return normal(2 ** (bits - exponent), exponent)
}

/** log2 a */
export function log2Of({mantissa, exponent}: LargeNumber): number {
  return Math.log2(mantissa) + exponent
}

/** a b */
export function product(a: LargeNumber, b: LargeNumber): LargeNumber {
  return normal(a.mantissa * b.mantissa, a.exponent + b.exponent)
}

/** min(a, b) */
export function smaller(a: LargeNumber, b: LargeNumber): LargeNumber {
  const isLess = a.exponent === b.exponent ? a.mantissa < b.mantissa : a.exponent < b.exponent
  return isLess ? a : b
}

/** How often `b` goes into mantissa 2^exponent, the mantissa in [1, 2); Infinity where that is more than twice. */
export function ratio(mantissa: number, exponent: number, b: LargeNumber): number {
  const below = b.exponent - exponent
  if (below < -1) return Number.POSITIVE_INFINITY
  if (below > least) return 0
  return (mantissa / b.mantissa) * (below < 0 ? 2 : powers[below]!)
}

/** Mantissas come from sums and products of a few: some steps are quicker than a logarithm. */
function normal(mantissa: number, exponent: number): LargeNumber {
  while (mantissa >= 2) {
    mantissa /= 2
    exponent++
  }
  while (mantissa > 0 && mantissa < 1) {
    mantissa *= 2
    exponent--
  }
  return {mantissa, exponent}
}

/**
 * Adds up numbers, rounded as doubles are: counts of the pieces of networks are beyond doubles, and their
 * logarithms take many times longer to add.
 */
export class LargeSum {
  #sum = 0
  #exponent = 0

  add(mantissa: number, exponent: number): void {
    const above = exponent - this.#exponent
    if (this.#sum === 0) {
      this.#sum = mantissa
      this.#exponent = exponent
    } else if (above <= 0) {
      if (above >= -least) this.#sum += mantissa * powers[-above]!
    } else {
      this.#sum = mantissa + (above <= least ? this.#sum * powers[above]! : 0)
      this.#exponent = exponent
    }
  }

  /** What was added, which is some number at least. */
  get(): LargeNumber {
    return normal(this.#sum, this.#exponent)
  }
}

/**
 * Round numbers for a logarithmic axis: 1, 2, 5, 10, ... within one decade, 1, 3, 10, 30, ... within
 * three, and powers of ten beyond, so that every one of them can be labelled; less round ones where only one of
 * these, or none, is there.
 *
 * @example
 * roundNumbers(0.02, 0.4) // [0.03, 0.1, 0.3]
 */
export function roundNumbers(
  least: number,
  most: number,
  digits?: readonly number[],
): readonly number[] {
  if (!(least > 0 && most >= least)) return []
  const choices = digits ? [digits] : most / least > 10 ? [digitsFor(most / least)] : finer
  const found = choices.map((some) => numbersBetween(least, most, some))
  return found.find((numbers) => numbers.length > 1) ?? found.at(-1)!
}

/** From the roundest on. */
const finer: readonly (readonly number[])[] = [
  [1, 2, 5],
  [1, 1.5, 2, 3, 4, 5, 6, 8],
  Array.from({length: 18}, (_, place) => 1 + place / 2),
  Array.from({length: 90}, (_, place) => (10 + place) / 10),
]

function numbersBetween(least: number, most: number, digits: readonly number[]): readonly number[] {
  const [from, to] = [Math.floor(Math.log10(least)), Math.floor(Math.log10(most))]
  const powers = Array.from({length: to - from + 1}, (_, place) => from + place)
  // By way of text: 3 * 10 ** -3 is 0.003 only nearly.
  return powers
    .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
    .filter((number) => number >= least && number <= most)
}

/**
 * At most so many powers of ten for a logarithmic axis of any length, as far apart as each other, so that
 * each has room for its label.
 *
 * @example
 * powersOfTen(1e-6, 0.5, 4) // [0.000001, 0.0001, 0.01]
 */
export function powersOfTen(least: number, most: number, count: number): readonly number[] {
  const powers = roundNumbers(least, most, [1])
  const stride = Math.ceil(powers.length / count)
  return powers.filter((_, place) => place % stride === 0)
}

const digitsFor = (ratio: number) => (ratio <= 1000 ? [1, 3] : [1])

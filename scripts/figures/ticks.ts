/**
 * Round numbers for a logarithmic axis: 1, 2, 5, 10, ... within one decade, 1, 3, 10, 30, ... within
 * three, and powers of ten beyond, so that every one of them can be labelled.
 *
 * @example
 * roundNumbers(0.02, 0.4) // [0.03, 0.1, 0.3]
 */
export function roundNumbers(
  least: number,
  most: number,
  digits = digitsFor(most / least),
): readonly number[] {
  if (!(least > 0 && most >= least)) return []
  const [from, to] = [Math.floor(Math.log10(least)), Math.floor(Math.log10(most))]
  const powers = Array.from({length: to - from + 1}, (_, place) => from + place)
  // By way of text: 3 * 10 ** -3 is 0.003 only nearly.
  return powers
    .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
    .filter((number) => number >= least && number <= most)
}

const digitsFor = (ratio: number) => (ratio <= 10 ? [1, 2, 5] : ratio <= 1000 ? [1, 3] : [1])

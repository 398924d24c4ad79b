/**
 * max(value, 0). `Math.max` branches on the sign, which nothing can predict of the entries of a row: in a loop over these it
 * takes four times as long. What is not a number stays so, and -Infinity is none.
 *
 * ```ts
 * positivePart(-2)  //-> 0
 * ```
 */
export function positivePart(value: number): number {
  return (Math.abs(value) + value) / 2
}

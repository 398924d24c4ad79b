/** log2 of a whole number of any size. */
export function log2Big(value: bigint): number {
  const bits = value.toString(2)
  const leading = bits.slice(0, 53)
  return bits.length - leading.length + Math.log2(Number.parseInt(leading, 2))
}

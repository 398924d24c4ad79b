import type {Program} from './program.js'

/**
 * Per kinked layer: whether every path from the input to every later kink passes through it, so that
 * its image bounds the dimension of all that follows. In a chain every layer does.
 */
export function findBottlenecks({instructions, kinks}: Program): boolean[] {
  return kinks.map((kink) => {
    const own = instructions.indexOf(kink) + 1
    // What the input reaches when this layer passes nothing on.
    const reached = new Set([0])
    return instructions.every((item, k) => {
      const value = k + 1
      const inputs = item.kind === 'kink' ? [item.input] : item.inputs
      if (value === own || !inputs.some((input) => reached.has(input))) return true
      reached.add(value)
      return value < own || item.kind !== 'kink'
    })
  })
}

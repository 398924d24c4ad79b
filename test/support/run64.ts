import type {Program} from '../../src/program/program.js'

/** Every value of a program at one point, in float64 on the host. */
export function run64(program: Program, x: Float64Array): Float64Array[] {
  const values = [x]
  for (const item of program.instructions) {
    values.push(
      item.kind === 'kink'
        ? item.kink.value64(values[item.input]!)
        : item.map.apply64(item.inputs.map((value) => values[value]!)),
    )
  }
  return values
}

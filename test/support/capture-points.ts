import type {Program} from '../../src/program.js'

/** The same program, and every point that it is run at from now on. */
export function capturePoints(program: Program): {program: Program; points: Float32Array[]} {
  const points: Float32Array[] = []
  const instructions = program.instructions.map((item) => {
    if (item.kind === 'kink' || !item.inputs.includes(0)) return item
    const {map} = item
    const apply: typeof map.apply = (inputs) => {
      const x = inputs[item.inputs.indexOf(0)]!
      const values = x.dataSync() as Float32Array
      for (let at = 0; at < values.length; at += program.inputSize) {
        points.push(values.slice(at, at + program.inputSize))
      }
      return map.apply(inputs)
    }
    return {...item, map: {...map, apply}}
  })
  return {program: {...program, instructions}, points}
}

import type {Program} from '../../src/program/program.js'

/** The same program, and every point that it is run at from now on. */
export function capturePoints(program: Program): {program: Program; points: Float32Array[]} {
  const points: Float32Array[] = []
  const instructions = program.instructions.map((item) => {
    if (item.kind === 'kink' || !item.inputs.includes(0)) return item
    const {map} = item
    const note = (values: Float32Array) => {
      for (let at = 0; at < values.length; at += program.inputSize) {
        points.push(values.slice(at, at + program.inputSize))
      }
    }
    const apply: typeof map.apply = (inputs) => {
      note(inputs[item.inputs.indexOf(0)]!.dataSync() as Float32Array)
      return map.apply(inputs)
    }
    const rows64 = map.applyRows64
    const applyRows64: typeof rows64 = (inputs, count) => {
      note(Float32Array.from(inputs[item.inputs.indexOf(0)]!))
      return rows64!(inputs, count)
    }
    const apply64: typeof map.apply64 = (inputs) => {
      note(Float32Array.from(inputs[item.inputs.indexOf(0)]!))
      return map.apply64(inputs)
    }
    return {...item, map: {...map, apply, apply64, ...(rows64 && {applyRows64})}}
  })
  return {program: {...program, instructions}, points}
}

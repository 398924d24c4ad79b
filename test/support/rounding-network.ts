import type {Draw} from './draw.js'
import {type Mlp, mlp64} from './mlp.js'
import {evaluate} from './network64.js'

/** Units that no point of the ball changes, on values so large that rounding to float32 seems to change some. */
export function roundingNetwork(random: Draw, radius: number): {mlp: Mlp; center: number[]} {
  const [size, units] = [64, 400]
  const rows = Array.from({length: units}, () => Array.from(random.normals(size), Math.fround))
  const center = Array.from(random.normals(size), (v) => Math.fround(10 * v))
  const bias = rows.map((row) => {
    const sum = row.reduce((all, w, i) => all + w * center[i]!, 0)
    return Math.fround(1.2 * radius * Math.hypot(...row) - sum)
  })
  const kernelOf = (kept: number[]) => center.map((_, i) => kept.map((j) => rows[j]![i]!))
  const all = rows.map((_, j) => j)
  const whole = {layers: [{kernel: kernelOf(all), bias}], slope: 0}
  const {read} = evaluate(mlp64(whole), center).layers[0]!
  const uncut = all.filter((j) => Math.abs(read[j]![0]!) > radius * Math.hypot(...rows[j]!))
  const layers = [{kernel: kernelOf(uncut), bias: uncut.map((j) => bias[j]!)}]
  return {mlp: {layers, slope: 0}, center}
}

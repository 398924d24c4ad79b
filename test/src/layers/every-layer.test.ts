import * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {AffineMap} from '../../../src/affine/affine-map.js'
import {type Program, readProgram} from '../../../src/program/program.js'
import {readNetwork} from '../../../src/read-network.js'
import {useBackend} from '../../support/backends.js'
import {zoo} from '../../support/layer-zoo.js'
import {near} from '../../support/near.js'
import {run64} from '../../support/run64.js'

const seed = 1

/** Every value of a program on the backend, as it is run for measuring. */
function runTensors(program: Program, x: tf.Tensor2D): tf.Tensor2D[] {
  const values = [x]
  for (const item of program.instructions) {
    values.push(
      item.kind === 'kink'
        ? item.kink.activation(values[item.input]!)
        : item.map.apply(item.inputs.map((value) => values[value]!)),
    )
  }
  return values
}

for (const specimen of zoo) {
  const test = suite(specimen.name)
  test.before(() => useBackend('cpu'))
  const size = specimen.inputShape.reduce((a, b) => a * b, 1)
  const shape: [number, ...number[]] = [4, ...specimen.inputShape]

  test('the program computes what the model does', async () => {
    const model = specimen.build(seed)
    const x = tf.randomNormal(shape, 0, 1.5, 'float32', seed)
    const wanted = (model.predict(x) as tf.Tensor).dataSync()
    const program = await readProgram(readNetwork(model))
    const values = runTensors(program, x.reshape([4, size]))
    near(values.at(-1)!.dataSync(), wanted, {relative: 1e-5, scale: 1})
    const flat = x.dataSync()
    for (let point = 0; point < 4; point++) {
      const own = Float64Array.from(flat.subarray(point * size, (point + 1) * size))
      const exact = run64(program, own).at(-1)!
      const units = exact.length
      near(exact, wanted.subarray(point * units, (point + 1) * units), {relative: 1e-5, scale: 1})
    }
    program.dispose()
  })

  test('every affine map agrees with its own matrix', async () => {
    const program = await readProgram(readNetwork(specimen.build(seed)))
    for (const item of program.instructions) if (item.kind === 'affine') await checkMap(item.map)
    program.dispose()
  })
  test.run()
}

/** The matrix, from one-hot inputs in float64, against everything else that the map can do. */
async function checkMap(map: AffineMap): Promise<void> {
  const zero = map.inputSizes.map((size) => new Float64Array(size))
  const offset = map.apply64(zero)
  const columns = map.inputSizes.map((size, i) =>
    Array.from({length: size}, (_, column) => {
      const x = zero.map((z) => z.slice())
      x[i]![column] = 1
      return map.apply64(x).map((y, unit) => y - offset[unit]!)
    }),
  )
  const outputs = map.outputSize
  const random = (size: number, shift: number) =>
    Float32Array.from({length: 2 * size}, (_, k) => Math.abs(Math.sin(k * 12.9898 + shift)))
  const inputs = map.inputSizes.map((size, i) => random(size, i))
  const tensors = inputs.map((values, i) => tf.tensor2d(values, [2, map.inputSizes[i]!]))
  const product = (entry: (w: number) => number, add: (unit: number) => number) =>
    [0, 1].flatMap((point) =>
      Array.from({length: outputs}, (_, unit) =>
        columns.reduce(
          (total, own, i) =>
            total +
            own.reduce(
              (sum, column, j) => sum + entry(column[unit]!) * inputs[i]![point * own.length + j]!,
              0,
            ),
          add(unit),
        ),
      ),
    )
  const close = {relative: 1e-4, scale: 1}
  near(
    map.apply(tensors).dataSync(),
    product(
      (w) => w,
      (unit) => offset[unit]!,
    ),
    close,
  )
  near(
    map.linear(tensors).dataSync(),
    product(
      (w) => w,
      () => 0,
    ),
    close,
  )
  near(
    map.absolute(tensors).dataSync(),
    product(Math.abs, () => 0),
    close,
  )

  const every = Int32Array.from({length: outputs}, (_, unit) => unit)
  const rows = map.rows(every)
  const identity = tf.tensor2d(tf.eye(outputs).dataSync(), [outputs, outputs])
  const pulled = map.adjoint(identity)
  const weighted = map.weightedRowNorms(tensors.map((x) => x.square()))
  const plain = map.inputSizes.map(() => undefined)
  const certified = await map.ball(plain, false, 2 ** -24).norms()
  columns.forEach((own, i) => {
    const matrix = Array.from({length: outputs}, (_, unit) => own.map((column) => column[unit]!))
    near(rows[i]!.dataSync(), matrix.flat(), {...close, label: 'rows'})
    near(pulled[i]!.dataSync(), matrix.flat(), {...close, label: 'adjoint'})
    const norms = matrix.map((row) => Math.hypot(...row))
    near(map.rowNorms[i]!, norms, {...close, label: 'row norms'})
    const wanted = [0, 1].flatMap((point) =>
      matrix.map((row) =>
        Math.hypot(...row.map((w, j) => w * inputs[i]![point * row.length + j]!)),
      ),
    )
    near(weighted[i]!.dataSync(), wanted, {...close, label: 'weighted row norms'})
    // The certified norm is at least the stretch of a vector that the map stretches much.
    let x = Float64Array.from(own, (_, j) => Math.sin(j + 1))
    for (let step = 0; step < 30; step++) {
      const y = matrix.map((row) => row.reduce((sum, w, j) => sum + w * x[j]!, 0))
      const back = own.map((column) => column.reduce((sum, w, unit) => sum + w * y[unit]!, 0))
      const length = Math.hypot(...back) || 1
      x = Float64Array.from(back, (value) => value / length)
    }
    const stretch = Math.hypot(...matrix.map((row) => row.reduce((s, w, j) => s + w * x[j]!, 0)))
    const bound = certified[i]!
    assert.ok(bound >= stretch * (1 - 1e-6), `norm bound ${bound} below ${stretch}`)
  })
  for (let unit = 0; unit < outputs; unit++) {
    const x = inputs.map((values, i) => Float64Array.from(values.subarray(0, map.inputSizes[i]!)))
    near([map.unit64(x, unit)], [map.apply64(x)[unit]!], {relative: 1e-12, scale: 1})
  }
}

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {maximum} from '../../../src/kinks/maximum.js'
import {secantSlopes} from '../../../src/kinks/secants.js'
import {draws} from '../../support/draw.js'
import {near} from '../../support/near.js'

const test = suite('secants')

const relu = {thresholds: [0], value: (z: number) => Math.max(0, z)}
const clip = {thresholds: [0, 6], value: (z: number) => Math.min(6, Math.max(0, z))}

test('a ReLU that is on at the center: from z / (z + |lo|) to 1', () => {
  assert.equal(secantSlopes(relu, 1, 0, 4, 2, 0), [0.25, 1])
  assert.equal(secantSlopes(relu, -1, 0, 2, 4, 0), [0, 0.75])
})

test('all slopes to densely sampled points lie between them, and the extremes are met', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = draws(`secant ${seed}`)
    const f = random.pick([relu, clip])
    const [z, down, up] = [random.between(-3, 9), random.between(0.01, 9), random.between(0.01, 9)]
    const rounding = random.pick([0, 0, Math.min(down, up) * 0.3])
    const [least, most] = secantSlopes(f, z, rounding, down, up, 0)
    const slopes: number[] = []
    const centers = [z - rounding, z - 0.4 * rounding, z, z + 0.7 * rounding, z + rounding]
    for (const x of centers) {
      for (let k = 0; k <= 2000; k++) {
        const y = z - down + ((down + up) * k) / 2000
        if (y !== x) slopes.push((f.value(y) - f.value(x)) / (y - x))
      }
    }
    const label = `seed ${seed}`
    assert.ok(Math.min(...slopes) >= least - 1e-9 && Math.max(...slopes) <= most + 1e-9, label)
    if (rounding > 0) continue
    near([least, most], [Math.min(...slopes), Math.max(...slopes)], {
      relative: 1e-2,
      scale: 1,
      label,
    })
  }
})

test('a maximum is beside the winner of the center by no more than its gap', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = draws(`maximum ${seed}`)
    const [units, candidates] = [3, 4]
    const kink = maximum(units, candidates, new Uint8Array(units * candidates).fill(1))
    const z = Float32Array.from(random.normals(units * candidates))
    const deviation = () => Float32Array.from(random.normals(z.length), (v) => Math.abs(v) * 0.5)
    const numbers = {below: deviation(), above: deviation()}
    const at = kink.at(z, new Float32Array(z.length))
    const {slope, halfWidth, gap} = at.secants(at.formDeviations(numbers))
    assert.is(halfWidth, undefined)
    assert.is(at.changesToKinks([0], numbers), undefined)
    const center = kink.value64(Float64Array.from(z))
    for (let sample = 0; sample < 200; sample++) {
      const moved = Float64Array.from(z, (v, i) =>
        random.between(v - numbers.below[i]!, v + numbers.above[i]!),
      )
      kink.value64(moved).forEach((value, unit) => {
        let line = center[unit]!
        for (let k = 0; k < candidates; k++) {
          const i = k * units + unit
          line += slope[i]! * (moved[i]! - z[i]!)
        }
        assert.ok(Math.abs(value - line) <= gap[unit]! + 1e-6, `seed ${seed}, unit ${unit}`)
      })
    }
  }
})

test.run()

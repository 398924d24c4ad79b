import {suite} from 'uvu'
import {sumsOf} from '../../../src/windows/sums.js'
import type {Window} from '../../../src/windows/window.js'
import {draws} from '../../support/draw.js'
import {near} from '../../support/near.js'

const test = suite('sums over windows')

for (const squared of [true, false]) {
  test(`${squared ? 'squares' : 'sizes'}: of what lies inside the image alone`, () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = draws(`sums ${squared} ${seed}`)
      // Of every tenth only a few rows are looked at at a time.
      const channels = seed % 10 === 0 ? 3001 : random.whole(1, 9)
      const [count, shape] = [random.whole(1, 20), {height: 4, width: 5, channels}]
      const span = (step: number) => ({
        start: random.whole(-2, 1),
        step,
        length: random.whole(1, 4),
      })
      const window: Window = [span(random.pick([0, 1])), span(1)]
      const of = (most: number) => Int32Array.from({length: count}, () => random.whole(0, most))
      const places = {points: of(2), down: of(4), across: of(5)}
      const [down, across] = window
      const size = down.length * across.length * channels
      const values = Float32Array.from(random.normals(count * size))
      const expected = Array.from({length: count}, (_, row) => {
        let sum = 0
        for (let i = 0, k = row * size; i < down.length; i++) {
          for (let j = 0; j < across.length; j++) {
            const y = down.start + down.step * places.down[row]! + i
            const x = across.start + across.step * places.across[row]! + j
            const inside = y >= 0 && y < shape.height && x >= 0 && x < shape.width
            for (let channel = 0; channel < channels; channel++, k++) {
              if (inside) sum += squared ? values[k]! ** 2 : Math.abs(values[k]!)
            }
          }
        }
        return sum
      })
      near(sumsOf({values, window}, places, shape, squared), expected, {relative: 1e-12, scale: 1})
    }
  })
}

test.run()

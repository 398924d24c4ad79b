import {suite} from 'uvu'
import type {PoolPatches} from '../../../src/affine/affine-map.js'
import type {AxisGeometry} from '../../../src/affine/conv-geometry.js'
import type {Lines} from '../../../src/kinks/kink.js'
import {passPool} from '../../../src/windows/pass-pool.js'
import {readSpan, type Span, type Window, wholeImage} from '../../../src/windows/window.js'
import {type Draw, draws} from '../../support/draw.js'
import {near} from '../../support/near.js'

const test = suite('rows that are windows through a pool')

test('each entry to its candidates inside of the image, as its own lines say', () => {
  for (let seed = 1; seed <= 120; seed++) {
    const random = draws(`window pool ${seed}`)
    // Of every twentieth image only a band of a few lines is looked at at a time, and few rows.
    const large = seed % 20 === 0
    const height = randomAxis(large ? random.whole(14, 18) : random.whole(3, 8), random)
    const width = randomAxis(large ? 24 : random.whole(3, 8), random)
    const channels = large ? 301 : random.whole(1, 9)
    const pool: PoolPatches = {kind: 'pool', height, width, channels}
    const shape = {height: height.output, width: width.output, channels}
    const window: Window = random.pick([
      wholeImage(shape),
      [randomSpan(random), randomSpan(random)],
      [wholeImage(shape)[0], randomSpan(random)],
    ])
    const target: Window = [readSpan(window[0], height).span, readSpan(window[1], width).span]
    const points = 3
    const rows = large ? random.whole(10, 20) : random.whole(1, 6)
    const places = {
      points: Int32Array.from({length: rows}, () => random.whole(0, points - 1)),
      down: Int32Array.from({length: rows}, () => random.whole(0, shape.height - 1)),
      across: Int32Array.from({length: rows}, () => random.whole(0, shape.width - 1)),
    }
    const units = shape.height * shape.width * channels
    const candidates = height.window * width.window
    const bent = random.pick([true, false])
    const lines = randomLines(points * candidates * units, points * units, bent, random)
    const [down, across] = window
    const values = Float32Array.from(random.normals(rows * down.length * across.length * channels))
    const slack = Float32Array.from(random.normals(rows))
    const added = slack.slice()
    const expected = new Float32Array(rows * target[0].length * target[1].length * channels)
    for (let row = 0, k = 0; row < rows; row++) {
      const begin = (span: Span, place: number) => span.start + span.step * place
      const [top, left] = [begin(down, places.down[row]!), begin(across, places.across[row]!)]
      const [targetTop, targetLeft] = [
        begin(target[0], places.down[row]!),
        begin(target[1], places.across[row]!),
      ]
      for (let y = top; y < top + down.length; y++) {
        for (let x = left; x < left + across.length; x++) {
          for (let channel = 0; channel < channels; channel++, k++) {
            if (y < 0 || y >= shape.height || x < 0 || x >= shape.width) continue
            const entry = values[k]!
            const side = entry > 0 ? 'lower' : 'upper'
            const slopes = bent ? lines[`${side}Slope`] : lines.lowerSlope
            const unit = (y * shape.width + x) * channels + channel
            const point = places.points[row]!
            added[row]! += Math.abs(entry) * lines[`${side}Gap`][point * units + unit]!
            for (let candidate = 0; candidate < candidates; candidate++) {
              const [a, b] = [Math.floor(candidate / width.window), candidate % width.window]
              // Its place in the image that is pooled, and in the window there.
              const i = y * height.stride - height.before + a - targetTop
              const j = x * width.stride - width.before + b - targetLeft
              if (i < 0 || i >= target[0].length || j < 0 || j >= target[1].length) continue
              const slope = slopes[(point * candidates + candidate) * units + unit]!
              const place = (row * target[0].length + i) * target[1].length + j
              expected[place * channels + channel]! += entry * slope
            }
          }
        }
      }
    }
    const found = passPool({values, window}, places, shape, pool, target, lines, slack)
    near(found, expected, {relative: 1e-5, scale: 1, label: `seed ${seed}`})
    near(slack, added, {relative: 1e-5, scale: 1, label: `slack of seed ${seed}`})
  }
})

function randomAxis(input: number, random: Draw): AxisGeometry {
  const [window, stride] = [random.whole(1, 3), random.whole(1, 3)]
  const before = window > 1 ? random.pick([0, 1]) : 0
  return {input, window, stride, before, output: Math.floor((input + before - window) / stride) + 1}
}

function randomSpan(random: Draw): Span {
  return {start: random.pick([-1, 0]), step: 1, length: random.whole(1, 3)}
}

function randomLines(slopes: number, gaps: number, bent: boolean, random: Draw): Lines {
  const some = (length: number) =>
    Float32Array.from({length}, () => random.pick([0, 1, random.between(0, 1)]))
  const none = new Float32Array(gaps)
  return {
    lowerSlope: some(slopes),
    upperSlope: some(slopes),
    lowerGap: bent ? some(gaps) : none,
    upperGap: bent ? some(gaps) : none,
    bent,
  }
}

test.run()

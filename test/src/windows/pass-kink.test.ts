import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {Lines} from '../../../src/kinks/kink.js'
import {passKinkInPlace} from '../../../src/windows/pass-kink.js'
import type {Window} from '../../../src/windows/window.js'
import {draws} from '../../support/draw.js'
import {near} from '../../support/near.js'

const test = suite('rows that are windows through a kink')

test('each entry as its own lines say, what lies outside of the image cleared', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = draws(`window kink ${seed}`)
    const points = 3
    // Of every tenth image only a band of a few lines is looked at at a time, and few rows.
    const large = seed % 10 === 0
    const count = large ? random.whole(20, 30) : random.whole(1, 6)
    const shape = {
      height: large ? 9 : random.whole(2, 5),
      width: large ? 40 : random.whole(2, 5),
      channels: large ? 501 : random.whole(1, 9),
    }
    const span = () => ({start: random.pick([-1, 0]), step: 1, length: random.whole(1, 3)})
    const window: Window = [span(), span()]
    const places = {
      points: Int32Array.from({length: count}, () => random.whole(0, points - 1)),
      down: Int32Array.from({length: count}, () => random.whole(0, shape.height - 1)),
      across: Int32Array.from({length: count}, () => random.whole(0, shape.width - 1)),
    }
    const units = shape.height * shape.width * shape.channels
    const bends = random.pick([0, 0.3, 1])
    const lines = randomLines(points * units, bends, random)
    const [down, across] = window
    const values = Float32Array.from(
      random.normals(count * down.length * across.length * shape.channels),
    )
    const slack = Float32Array.from(random.normals(count))
    const expected = new Float32Array(values.length)
    const added = slack.slice()
    for (let row = 0, k = 0; row < count; row++) {
      for (let i = 0; i < down.length; i++) {
        for (let j = 0; j < across.length; j++) {
          const [y, x] = [
            places.down[row]! + down.start + i,
            places.across[row]! + across.start + j,
          ]
          for (let channel = 0; channel < shape.channels; channel++, k++) {
            if (y < 0 || y >= shape.height || x < 0 || x >= shape.width) continue
            const unit = (y * shape.width + x) * shape.channels + channel
            const at = places.points[row]! * units + unit
            const entry = values[k]!
            expected[k] = entry * (entry > 0 ? lines.lowerSlope[at]! : lines.upperSlope[at]!)
            added[row]! += Math.abs(entry) * (entry > 0 ? lines.lowerGap[at]! : lines.upperGap[at]!)
          }
        }
      }
    }
    const found = passKinkInPlace({values, window}, places, shape, lines, slack)
    const label = `seed ${seed}`
    near(found, expected, {relative: 1e-6, scale: 1, label})
    near(slack, added, {relative: 1e-5, scale: 1, label: `slack ${label}`})
    assert.is(found, values)
  }
})

function randomLines(size: number, bends: number, random: ReturnType<typeof draws>): Lines {
  const lines = {
    lowerSlope: new Float32Array(size),
    upperSlope: new Float32Array(size),
    lowerGap: new Float32Array(size),
    upperGap: new Float32Array(size),
    bent: false,
  }
  for (let at = 0; at < size; at++) {
    lines.lowerSlope[at] = lines.upperSlope[at] = random.pick([0, 1])
    if (random.between(0, 1) >= bends) continue
    lines.bent = true
    lines.upperSlope[at] = random.between(0, 1)
    lines.lowerGap[at] = random.between(0, 1)
    lines.upperGap[at] = random.between(0, 1)
  }
  return lines
}

test.run()

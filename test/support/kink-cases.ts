import * as assert from 'uvu/assert'
import type {Deviations, Kink} from '../../src/kinks/kink.js'
import {draws} from './draw.js'
import {near} from './near.js'

/** A kink on every number alone, and the function that it should be. */
export interface KinkCase {
  readonly units: number
  readonly kink: Kink
  readonly thresholds: readonly number[]
  f(z: number, unit: number): number
}

/** Intervals [z - below, z + above]: far from the kinks, across them, touching them, tiny and empty ones. */
export function intervals({units, thresholds}: KinkCase, points: number) {
  const random = draws('intervals')
  const size = points * units
  const z = new Float32Array(size)
  const below = new Float32Array(size)
  const above = new Float32Array(size)
  for (let at = 0; at < size; at++) {
    const scale = 10 ** random.between(-6, 3)
    const threshold = random.pick(thresholds)
    z[at] = threshold + random.normal() * scale
    const width = random.pick([0, 1e-6, 0.1, 1, 5, 100])
    below[at] = Math.abs(random.normal()) * width * scale
    above[at] = Math.abs(random.normal()) * width * scale
    if (at % 10 === 0) z[at] = threshold
    if (at % 10 === 1) below[at] = Math.abs(z[at]! - threshold)
    if (at % 10 === 2) above[at] = Math.abs(z[at]! - threshold)
  }
  return {z, below, above}
}

/** What rounding to float32 may do to numbers of about this size. */
const slack = (size: number) => 8 * 2 ** -23 * size

/** What is decided among places that larger deviations left open is what looking at all of them says. */
export function checkNarrowing(own: KinkCase): void {
  const {z, below, above} = intervals(own, 40)
  const forms: Deviations = {below, above}
  const random = draws('narrower')
  const part = (values: Float32Array) => values.map((v) => v * random.pick([0, 0.3, 1]))
  const smaller: Deviations = {below: part(below), above: part(above)}
  const rounding = new Float32Array(z.length)
  const [narrowed, fresh] = [own.kink.at(z, rounding), own.kink.at(z, rounding)]
  narrowed.narrow(smaller, forms)
  const places = fresh.openPlaces(smaller)!
  assert.equal(narrowed.openPlaces(smaller), places)
  assert.ok(places.length > 0 && places.length < fresh.openPlaces(forms)!.length)
  for (const at of places) assert.ok(fresh.openSides(at, smaller.below[at]!, smaller.above[at]!))
  assert.equal(narrowed.image(smaller, smaller), fresh.image(smaller, smaller))
  assert.equal(narrowed.secants(smaller), fresh.secants(smaller))
  assert.equal(narrowed.lines(smaller), fresh.lines(smaller))
  assert.equal(narrowed.passing(smaller), fresh.passing(smaller))
  for (let point = 0; point < 40; point++) {
    assert.equal(narrowed.counts(point, smaller), fresh.counts(point, smaller))
  }
}

/** Image, lines and counts of a kink against dense samples of the function. */
export function checkKink(own: KinkCase): void {
  const {kink, units, thresholds, f} = own
  const points = 40
  const {z, below, above} = intervals(own, points)
  const forms: Deviations = {below, above}
  const at = kink.at(z, new Float32Array(z.length))
  const image = at.image(forms, forms)
  const lines = at.lines(forms)
  const passing = at.passing(forms)
  const secants = at.secants(forms)
  let across = 0

  z.forEach((zi, i) => {
    const unit = i % units
    const label = `[${i}] ${zi} - ${below[i]} + ${above[i]}`
    const [low, high] = [zi - below[i]!, zi + above[i]!]
    const crossed = thresholds.filter((t) => low < t && t < high)
    const even = Array.from({length: 101}, (_, k) => low + ((high - low) * k) / 100)
    const inside = [...even, ...crossed]
    const center = f(zi, unit)
    const moves = inside.map((x) => f(x, unit) - center)
    const size = Math.abs(zi) + below[i]! + above[i]! + Math.abs(center)
    const room = slack(kink.steepest * size + size)

    near([image.below[i]!, image.above[i]!], [-Math.min(...moves), Math.max(...moves)], {
      relative: 1e-5,
      scale: size,
      label: `image ${label}`,
    })
    assert.ok(-image.below[i]! <= Math.min(...moves) + room, `image ${label} is too narrow below`)
    assert.ok(image.above[i]! >= Math.max(...moves) - room, `image ${label} is too narrow above`)

    const [lower, upper] = [lines.lowerSlope[i]!, lines.upperSlope[i]!]
    for (const x of inside) {
      const under = center - lines.lowerGap[i]! + lower * (x - zi)
      const over = center + lines.upperGap[i]! + upper * (x - zi)
      assert.ok(under <= f(x, unit) + room, `${label} at ${x}: lower line ${under}`)
      assert.ok(over >= f(x, unit) - room, `${label} at ${x}: upper line ${over}`)
    }
    const [slope, halfWidth] = [secants.slope[i]!, secants.halfWidth![i]!]
    let widest = 0
    for (const x of inside) {
      const rest = Math.abs(f(x, unit) - center - slope * (x - zi))
      assert.ok(rest <= halfWidth * Math.abs(x - zi) + room, `${label} at ${x}: beside the secant`)
      assert.ok(rest <= secants.gap[i]! + room, `${label} at ${x}: beyond the gap`)
      if (Math.abs(x - zi) > 1e-3 * size) widest = Math.max(widest, rest / Math.abs(x - zi))
    }
    if (crossed.length > 0 && widest > 0) {
      assert.ok(halfWidth <= kink.steepest + 1e-6, `${label}: half width ${halfWidth}`)
    } else if (crossed.length === 0) assert.is(halfWidth, 0, label)
    near(
      [...at.changesToKinks([i], forms)!.values],
      crossed.map((t) => t - zi),
      {relative: 1e-12, scale: 1, label: `changes ${label}`},
    )
    const heights = (slope: number) => inside.map((x) => f(x, unit) - center - slope * (x - zi))
    const tight = [-Math.min(...heights(lower)), Math.max(...heights(upper))]
    near([lines.lowerGap[i]!, lines.upperGap[i]!], tight, {
      relative: 1e-5,
      scale: kink.steepest * size,
      label: `gaps ${label}`,
    })
    assert.ok(lines.lowerGap[i]! >= 0 && lines.upperGap[i]! >= 0, `${label}: a gap below 0`)

    assert.is(at.openSides(i, below[i]!, above[i]!) !== 0, crossed.length > 0, `open ${label}`)
    if (crossed.length > 0) across++
    else {
      assert.equal([lower, lines.lowerGap[i], lines.upperGap[i]], [upper, 0, 0], label)
      // Within one piece the function is that line.
      near(heights(lower), Array(inside.length).fill(0), {relative: 1e-5, scale: size, label})
      if (passing) assert.is(passing[i], lower === 0 ? 0 : 1, `passing ${label}`)
    }
    if (crossed.length > 0 && passing) assert.is(passing[i], 1, `passing ${label}`)
  })
  assert.ok(across > 30, `only ${across} intervals across a kink`)
  assert.ok(lines.bent)

  for (let point = 0; point < points; point++) {
    const own = Array.from({length: units}, (_, unit) => point * units + unit)
    const crossings = own.map(
      (i) => thresholds.filter((t) => t > z[i]! - below[i]! && t < z[i]! + above[i]!).length,
    )
    const counts = at.counts(point, forms)
    assert.is(counts.unstable, crossings.filter((n) => n > 0).length, `unstable at ${point}`)
    assert.is(counts.kinks, crossings.filter((n) => n === 1).length, `kinks at ${point}`)
    assert.is(counts.doubles, crossings.filter((n) => n === 2).length, `doubles at ${point}`)
    assert.ok(counts.unstable + counts.active <= units, `active at ${point}`)
  }
}

/** Values, slopes and gaps of a kink at points away from its kinks. */
export function checkTangents({kink, units, thresholds, f}: KinkCase): void {
  const z = Float32Array.from({length: 20 * units}, (_, i) => ((i * 37) % 101) / 7 - 5.003)
  const at = kink.at(z, new Float32Array(z.length))
  const {lowerSlope, bent} = at.tangents()
  assert.not(bent)
  z.forEach((zi, i) => {
    const unit = i % units
    const step = 1e-6
    near([lowerSlope[i]!], [(f(zi + step, unit) - f(zi - step, unit)) / (2 * step)], {
      relative: 1e-6,
      scale: 1,
      label: `slope at ${zi}`,
    })
    const gap = Math.min(...thresholds.map((t) => Math.abs(zi - t)))
    near([at.gap[i]!], [gap], {scale: 1, label: `gap at ${zi}`})
    near([at.gap64(zi, undefined)], [gap], {relative: 1e-12, scale: 1, label: `gap64 at ${zi}`})
    assert.equal([at.first(i), at.second(i), at.unit(unit)], [unit, -1, unit])
  })
  const values = Float64Array.from({length: units}, (_, unit) => unit / 3 - 2)
  near(kink.value64(values), values.map(f), {relative: 1e-12, scale: 1})
}

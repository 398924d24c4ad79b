import * as assert from 'uvu/assert'
import type {Method} from '../../src/index.js'
import {near} from './near.js'
import type {ReferenceBall} from './reference-model.js'

/** A distance to 1e-4 of it, or to 2e-6 where it is small. */
export function checkDistance(got: number, wanted: number, label: string): void {
  const close = Math.abs(got - wanted) <= Math.max(1e-4 * wanted, 2e-6)
  assert.ok(close, `${label}: expected ${wanted}, got ${got}`)
}

/** Bounds of one center's units in one layer: interval and crown equal, spectral never narrower, combined near crown. */
export function checkBounds(
  method: Method,
  ball: ReferenceBall,
  layer: number,
  lower: Float32Array,
  upper: Float32Array,
): void {
  const label = `radius ${ball.radius}, layer ${layer}`
  if (method === 'interval' || method === 'crown') {
    const wanted = ball.methods[method]!
    near(lower, wanted.lower[layer]!, {relative: 1e-4, scale: 0.5, label: `lower, ${label}`})
    near(upper, wanted.upper[layer]!, {relative: 1e-4, scale: 0.5, label: `upper, ${label}`})
    return
  }
  const wanted = ball.methods[method === 'spectral' ? 'spectral' : 'crown']!
  wanted.lower[layer]!.forEach((wantedLower, unit) => {
    const width = wanted.upper[layer]![unit]! - wantedLower
    const got = upper[unit]! - lower[unit]!
    if (method === 'spectral') {
      assert.ok(
        got >= width * (1 - 1e-6),
        `${label}, unit ${unit}: ${got} is narrower than ${width}`,
      )
      assert.ok(got <= width * 1.1 + 1e-5, `${label}, unit ${unit}: ${got} is wider than ${width}`)
    } else {
      // A tighter bound below can flip a slope above it, so a unit may be a little wider.
      assert.ok(
        got <= width * 1.5 + 1e-4,
        `${label}, unit ${unit}: ${got} against CROWN's ${width}`,
      )
    }
  })
}

/** Counts of one center's units per layer, and log2 of the bound, which is never below the exact count. */
export function checkCounts(
  method: Method,
  ball: ReferenceBall,
  unstable: number[],
  active: number[],
  log2Regions: number,
): void {
  const label = `radius ${ball.radius}`
  if (method === 'combined') {
    const crown = ball.methods.crown!
    assert.ok(log2Regions <= crown.log2Regions + 1 + 1e-9, `${label}: ${log2Regions} bits`)
  } else if (method === 'spectral') {
    unstable.forEach((count, l) => {
      assert.ok(count >= ball.methods.spectral!.unstable[l]!, `${label}, layer ${l}: ${count}`)
    })
  } else {
    const wanted = ball.methods[method]!
    assert.equal(unstable, wanted.unstable, label)
    assert.equal(active, wanted.active, label)
    near([log2Regions], [wanted.log2Regions], {relative: 1e-9, scale: 1, label})
  }
  checkExact(ball, log2Regions)
}

/** The count of flats lies between the exact count and the product's. */
export function checkFlats(ball: ReferenceBall, flats: number, product: number): void {
  assert.ok(flats <= product, `radius ${ball.radius}: ${flats} bits above ${product}`)
  checkExact(ball, flats)
}

function checkExact({exactRegions, radius}: ReferenceBall, log2Regions: number): void {
  if (!exactRegions) return
  const exact = Math.log2(exactRegions)
  assert.ok(log2Regions >= exact - 1e-9, `radius ${radius}: ${log2Regions} bits below ${exact}`)
}

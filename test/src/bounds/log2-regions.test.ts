import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type LayerCount, log2Regions} from '../../../src/bounds/log2-regions.js'
import {type Draw, draws} from '../../support/draw.js'
import {log2Big} from '../../support/log2-big.js'
import {near} from '../../support/near.js'

const test = suite('log2Regions')
const chain = {silent: true, bottleneck: true}

const local = (unstable: number, active: number): LayerCount => ({unstable, active, ...chain})
const wholeSpace = ([inputs, ...units]: number[]) =>
  log2Regions(
    units.map((n) => local(n, 0)),
    inputs!,
  )
const equalsLog2 = (bits: number, regions: number, label: string) =>
  near([bits], [Math.log2(regions)], {relative: 1e-12, scale: 1, label})

test('known values for whole spaces', () => {
  for (const [widths, regions] of [
    [[1, 3, 3], 16],
    [[1, 5, 5, 5], 216],
    [[2, 3, 3], 40],
    [[2, 4, 4], 121],
    [[4, 4, 4], 163],
    [[784, 10, 10], 616666],
    [[784, 10, 10, 10], 365139905],
    [[10, 16, 16], 2377900537],
  ] as const) {
    equalsLog2(wholeSpace([...widths]), regions, `[${widths}]`)
  }
})

test('known local values', () => {
  equalsLog2(log2Regions([local(3, 2), local(4, 1)], 2), 77, '(2, 3), (1, 4)')
  equalsLog2(log2Regions([local(12, 20), local(9, 15)], 784), 2 ** 21, '(20, 12), (15, 9)')
})

test('one layer: the cells that m hyperplanes cut d dimensions into', () => {
  for (const [m, d, cells] of [
    [3, 2, 7],
    [5, 3, 26],
    [10, 3, 176],
    [20, 2, 211],
  ] as const) {
    equalsLog2(log2Regions([local(m, 4)], d), cells, `Z(${m}, ${d})`)
  }
})

test('no unstable unit, or no layer at all, is one region', () => {
  assert.is(log2Regions([], 3), 0)
  assert.is(log2Regions([local(0, 5), local(0, 0)], 3), 0)
})

test('equals the recursion with whole numbers, for every kind of layer', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const random = draws(seed)
    const layers = Array.from({length: random.whole(1, 4)}, () => randomLayer(random))
    const dimension = random.whole(1, 8)
    const label = `seed ${seed}: ${dimension} <- ${JSON.stringify(layers)}`
    equalsLog2(log2Regions(layers, dimension), Number(recursion(layers, dimension)), label)
  }
})

test('pieces: the sum filled term by term, whatever the dimension', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const random = draws(seed)
    const layers = Array.from({length: random.whole(1, 4)}, (): LayerCount => {
      const [unstable, active] = [random.whole(0, 5), random.whole(0, 7)]
      const share = random.between(0, 1)
      // At least one piece, at most as many as hyperplanes in general position; no more of more than there are units.
      const pieces = (k: number) => Math.log2(Math.max(1, share * Number(cells(unstable, k))))
      return {
        unstable,
        active,
        silent: true,
        bottleneck: true,
        ...(random.pick([true, false]) && {pieces}),
      }
    })
    const dimension = random.whole(1, 16)
    const filled = (l: number, k: number): number => {
      const layer = layers[l]
      if (!layer) return 1
      const {unstable, active, pieces} = layer
      let rest = pieces ? 2 ** pieces(k) : Number.POSITIVE_INFINITY
      let sum = 0
      for (let j = 0; j <= Math.min(unstable, k); j++) {
        const taken = Math.min(rest, Number(choose(unstable, j)))
        sum += taken * filled(l + 1, Math.min(k, active + unstable - j))
        rest -= taken
      }
      return sum
    }
    near([log2Regions(layers, dimension)], [Math.log2(filled(0, dimension))], {
      relative: 1e-9,
      scale: 1,
      label: `seed ${seed}`,
    })
  }
})

test('a unit with two undecided kinks cuts twice, but never crosses both at once', () => {
  const doubles = {unstable: 2, active: 0, kinks: 0, doubles: 2, moving: 2, silent: false}
  // 3 x 3 cells of two pairs of parallel lines; on a line, 5.
  equalsLog2(log2Regions([{...doubles, bottleneck: true}], 2), 9, 'a plane')
  equalsLog2(log2Regions([{...doubles, bottleneck: true}], 1), 5, 'a line')
})

test('thousands of units do not overflow', () => {
  const bits = log2Regions([local(4000, 0), local(4000, 0)], 784)
  assert.ok(Number.isFinite(bits))
  // Z(4000, 784) for the first layer, and no more than that once again.
  const first = log2Regions([local(4000, 0)], 784)
  near([first], [log2Big(cells(4000, 784))], {relative: 1e-10, label: 'Z(4000, 784)'})
  assert.ok(bits > first && bits <= 2 * first, `${bits} of ${first}`)
  near([log2Regions([local(5000, 0)], 10000)], [5000], {relative: 1e-12, label: '2^5000'})
})

test('more than one double can hold, in layers that one can', () => {
  const beside = {silent: true, bottleneck: false}
  for (const k of [50, 300, 650]) {
    const bits = log2Regions(
      [600, 700].map((unstable) => ({unstable, active: 0, ...beside})),
      k,
    )
    const exact = log2Big(cells(600, k) * cells(700, k))
    near([bits], [exact], {relative: 1e-12, label: `of ${k} dimensions`})
  }
  const layers = [local(990, 5), local(20, 3)]
  for (const k of [30, 600, 2000]) {
    const exact = log2Big(recursion(layers, k))
    near([log2Regions(layers, k)], [exact], {relative: 1e-12, label: `chain, ${k}`})
  }
  const pairs = {unstable: 640, active: 0, kinks: 300, doubles: 340, moving: 640}
  const twice = [pairs, pairs].map((layer) => ({...layer, silent: false, bottleneck: true}))
  near([log2Regions(twice, 2000)], [600 + 680 * Math.log2(3)], {relative: 1e-12, label: 'pairs'})
  const few = {...local(990, 0), pieces: () => Math.log2(5)}
  near([log2Regions([local(900, 990), few], 2000)], [900 + Math.log2(5)], {
    relative: 1e-12,
    label: 'pieces',
  })
})

test('pieces that no double can hold, filled term by term', () => {
  const limited = (unstable: number, active: number, bits: number) => ({
    ...local(unstable, active),
    pieces: () => bits,
  })
  for (const [first, second, third] of [
    [limited(1800, 0, 1500), local(1300, 0), local(500, 0)],
    [limited(1800, 900, 1300), limited(1500, 0, 1200), local(900, 0)],
    [local(1200, 0), limited(1600, 100, 1100), limited(1200, 50, 20)],
  ] as const) {
    const layers: LayerCount[] = [first, second, third]
    const limits = layers.map(({pieces}) => pieces && 2n ** BigInt(pieces(0)))
    const known = new Map<string, bigint>()
    const filled = (l: number, k: number): bigint => {
      const layer = layers[l]
      if (!layer) return 1n
      const key = `${l} ${k}`
      const before = known.get(key)
      if (before !== undefined) return before
      const {unstable, active} = layer
      let rest = limits[l] ?? 2n ** BigInt(unstable)
      let sum = 0n
      let ways = 1n
      for (let j = 0; j <= Math.min(unstable, k) && rest > 0n; j++) {
        const taken = ways < rest ? ways : rest
        sum += taken * filled(l + 1, Math.min(k, active + unstable - j))
        rest -= taken
        ways = (ways * BigInt(unstable - j)) / BigInt(j + 1)
      }
      known.set(key, sum)
      return sum
    }
    const label = layers.map(({unstable}) => unstable).join(', ')
    near([log2Regions(layers, 784)], [log2Big(filled(0, 784))], {relative: 1e-11, label})
  }
})

/** R as it is written in the paper. */
function recursion(layers: readonly LayerCount[], k: number): bigint {
  const [layer, ...later] = layers
  if (!layer) return 1n
  const {unstable, active, kinks = unstable, doubles = 0, silent, bottleneck} = layer
  const {moving = unstable + active} = layer
  let sum = 0n
  // One way to cut across each single kink, two across each double one.
  for (let single = 0; single <= kinks; single++) {
    for (let double = 0; double <= doubles && single + double <= k; double++) {
      const j = single + double
      const image = silent ? active + unstable - j : moving
      const ways = choose(kinks, single) * choose(doubles, double) * 2n ** BigInt(double)
      sum += ways * recursion(later, bottleneck ? Math.min(k, image) : k)
    }
  }
  return sum
}

function choose(m: number, j: number): bigint {
  let result = 1n
  for (let i = 1; i <= j; i++) result = (result * BigInt(m - i + 1)) / BigInt(i)
  return result
}

function cells(m: number, d: number): bigint {
  let sum = 0n
  let term = 1n
  for (let j = 0; j <= Math.min(m, d); j++) {
    sum += term
    term = (term * BigInt(m - j)) / BigInt(j + 1)
  }
  return sum
}

/** A layer of ReLUs, of leaky ones, of units with two kinks, or of maxima. */
function randomLayer(random: Draw): LayerCount {
  const unstable = random.whole(0, 5)
  const active = random.whole(0, 4)
  const bottleneck = random.pick([true, true, false])
  const counts = {unstable, active, bottleneck}
  const moving = unstable + active + random.whole(0, 3)
  switch (random.pick(['relu', 'leaky', 'doubles', 'maxima'] as const)) {
    case 'relu':
      return {...counts, silent: true}
    case 'leaky':
      return {...counts, moving, silent: false}
    case 'doubles': {
      const doubles = random.whole(0, unstable)
      return {...counts, kinks: unstable - doubles, doubles, moving, silent: false}
    }
    case 'maxima':
      return {...counts, kinks: unstable + random.whole(0, 4), moving, silent: false}
  }
}

test.run()

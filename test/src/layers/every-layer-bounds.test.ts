import seedrandom from 'seedrandom'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {runForward} from '../../../src/forward/forward.js'
import {float32Roundoff} from '../../../src/forward/rounding.js'
import {
  distanceToBoundary,
  methods,
  preactivationBounds,
  readNetwork,
  sphereBound,
} from '../../../src/index.js'
import {type Program, readProgram} from '../../../src/program/program.js'
import {useBackend} from '../../support/backends.js'
import {zoo} from '../../support/layer-zoo.js'
import {run64} from '../../support/run64.js'

const seed = Number(process.env.SEED ?? 7)
const points = 3
const radii = [0.02, 0.15, 0.6]

/** Points of the closed ball, half of them on its sphere. */
function ballPoints(center: Float32Array, radius: number, count: number, rng: () => number) {
  const normal = () => Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng())
  return Array.from({length: count}, (_, k) => {
    const direction = Array.from(center, normal)
    const length = Math.hypot(...direction)
    const r = k % 2 ? radius : radius * rng() ** (1 / center.length)
    return Array.from(center, (c, i) => c + (r * direction[i]!) / length)
  })
}

/** What each kinked layer's units do at given points: forms and their pieces. */
async function look(program: Program, xs: number[][]) {
  const values = Float32Array.from(xs.flat())
  const size = xs[0]!.length
  const forward = await runForward(
    program,
    {values, count: xs.length, size},
    float32Roundoff,
    2 ** 28,
  )
  return forward.kinks.map((kinks) => ({
    kinks,
    slopes: kinks.tangents().lowerSlope,
    bounds: kinks.bounds({
      below: new Float32Array(kinks.center.length),
      above: new Float32Array(kinks.center.length),
    }),
  }))
}

for (const specimen of zoo) {
  const test = suite(`${specimen.name}, seed ${seed}`)
  test.before(() => useBackend('cpu'))
  const size = specimen.inputShape.reduce((a, b) => a * b, 1)

  test('nothing sampled leaves the bounds', async () => {
    const rng = seedrandom(`${specimen.name}/${seed}`)
    const model = specimen.build(seed)
    const network = readNetwork(model)
    const program = await readProgram(network)
    const centers = Array.from({length: points}, () =>
      Float32Array.from({length: size}, () => 3 * rng() - 1.5),
    )
    const {distance} = await distanceToBoundary(network, centers)
    for (const radius of radii) {
      const sampled = await Promise.all(
        centers.map((center) =>
          look(program, [[...center], ...ballPoints(center, radius, 60, rng)]),
        ),
      )
      for (const method of methods) {
        const label = `${method}, radius ${radius}`
        const {lower, upper} = await preactivationBounds(network, centers, radius, {method})
        const counts = await sphereBound(network, centers, radius, {method})
        sampled.forEach((layers, c) => {
          const patterns = new Set<string>()
          layers.forEach(({kinks, slopes, bounds}, l) => {
            const {units} = network.layers[l]!
            const isMaximum = kinks.second(0) >= 0
            const numbers = slopes.length / 61
            const changing = new Set<number>()
            for (let k = 0; k < 61; k++) {
              for (let n = 0; n < numbers; n++) {
                if (slopes[k * numbers + n] !== slopes[n]) changing.add(n % units)
              }
              // A margin is that of the center's winner, which bounds() at another point is not.
              if (isMaximum && k > 0) continue
              for (let u = 0; u < units; u++) {
                const value = bounds.lower[k * units + u]!
                const room = 1e-5 * (1 + Math.abs(value))
                const low = lower[l]![c * units + u]!
                const high = upper[l]![c * units + u]!
                assert.ok(value >= low - room, `${label}, layer ${l}, unit ${u}: ${value} < ${low}`)
                assert.ok(
                  value <= high + room,
                  `${label}, layer ${l}, unit ${u}: ${value} > ${high}`,
                )
              }
            }
            const unstable = counts.unstable[l]![c]!
            assert.ok(
              changing.size <= unstable,
              `${label}, layer ${l}: ${changing.size} > ${unstable}`,
            )
          })
          for (let k = 0; k < 61; k++) {
            patterns.add(
              layers
                .map(({slopes}) => {
                  const numbers = slopes.length / 61
                  return slopes.subarray(k * numbers, (k + 1) * numbers).join()
                })
                .join('/'),
            )
          }
          const bits = counts.log2Regions[c]!
          assert.ok(Math.log2(patterns.size) <= bits + 1e-9, `${label}: ${patterns.size} patterns`)
          if (radius <= distance[c]! * (1 - 1e-5)) assert.is(patterns.size, 1, `${label}: inside`)
          if (bits === 0) assert.ok(radius <= distance[c]! * (1 + 1e-4), `${label}: 0 bits`)
        })
      }
    }
    program.dispose()
  })

  for (const norm of ['l2', 'linf'] as const) {
    test(`the ${norm} distance is where the first kink is met`, async () => {
      const rng = seedrandom(`${specimen.name}/${seed}/distance`)
      const network = readNetwork(specimen.build(seed))
      const program = await readProgram(network)
      const centers = Array.from({length: points}, () =>
        Float32Array.from({length: size}, () => 3 * rng() - 1.5),
      )
      const found = await distanceToBoundary(network, centers, {norm})
      for (const [c, center] of centers.entries()) {
        const distance = found.distance[c]!
        assert.ok(distance > 0 && Number.isFinite(distance), `distance ${distance}`)
        const toward = await steepest(
          program,
          center,
          distance,
          found.layer[c]!,
          found.unit[c]!,
          norm,
        )
        const step = (share: number) => toward.map((d, i) => center[i]! + share * distance * d)
        const corner = () =>
          Array.from(center, (x) => x + distance * 0.998 * (rng() < 0.5 ? -1 : 1))
        const inside =
          norm === 'l2'
            ? ballPoints(center, distance * 0.998, 80, rng)
            : Array.from({length: 80}, corner)
        const layers = await look(program, [[...center], step(0.997), step(1.003), ...inside])
        const pattern = (k: number) =>
          layers
            .map(({slopes}) => {
              const numbers = slopes.length / (inside.length + 3)
              return slopes.subarray(k * numbers, (k + 1) * numbers).join()
            })
            .join('/')
        assert.is(pattern(1), pattern(0), `${norm}: the pattern changes before ${distance}`)
        assert.is.not(pattern(2), pattern(0), `${norm}: no change at ${distance}`)
        inside.forEach((_, k) => {
          assert.is(pattern(k + 3), pattern(0), `${norm}: a nearer boundary than ${distance}`)
        })
      }
      program.dispose()
    })
  }
  test.run()
}

/**
 * The direction of norm 1 that lowers a unit's gap fastest, by differences in float64 within the
 * center's region: of the unit's form with the least gap over slope.
 */
async function steepest(
  program: Program,
  center: Float32Array,
  distance: number,
  layer: number,
  unit: number,
  norm: 'l2' | 'linf',
): Promise<number[]> {
  const {kinks} = (await look(program, [[...center]]))[layer]!
  const {input} = program.kinks[layer]!
  const x = Float64Array.from(center)
  const h = distance / 1000
  const numbers = run64(program, x)[input]!
  const shifted = Array.from(x, (_, i) => {
    const moved = x.slice()
    moved[i]! += h
    return run64(program, moved)[input]!
  })
  let best: {distance: number; direction: number[]} | undefined
  for (let form = 0; form < kinks.forms; form++) {
    if (kinks.unit(form) !== unit || kinks.gap[form] === Number.POSITIVE_INFINITY) continue
    const [first, second] = [kinks.first(form), kinks.second(form)]
    const gapOf = (values: Float64Array) =>
      kinks.gap64(values[first]!, second < 0 ? undefined : values[second]!)
    const gradient = shifted.map((values) => (gapOf(values) - gapOf(numbers)) / h)
    const length =
      norm === 'l2' ? Math.hypot(...gradient) : gradient.reduce((sum, g) => sum + Math.abs(g), 0)
    if (!(length > 1e-9)) continue
    const direction = gradient.map((g) => {
      if (norm === 'l2') return -g / length
      return Math.abs(g) < 1e-9 * length ? 0 : -Math.sign(g)
    })
    const own = gapOf(numbers) / length
    if (!best || own < best.distance) best = {distance: own, direction}
  }
  if (!best) throw new Error(`layer ${layer}, unit ${unit}: no gradient`)
  return best.direction
}

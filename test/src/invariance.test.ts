import {Matrix, QrDecomposition} from 'ml-matrix'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {native64} from '../../src/forward/native64.js'
import {
  type Bounds,
  type Measured,
  type Method,
  measureNetwork,
  methods,
  readNetwork,
} from '../../src/index.js'
import {useBackend} from '../support/backends.js'
import {type Draw, draws} from '../support/draw.js'
import {type HiddenLayer, type Mlp, mlpModel, randomMlp} from '../support/mlp.js'
import {near} from '../support/near.js'
import {randomPoints} from '../support/samples.js'

const test = suite('what changes nothing')
const widths = [6, 9, 8, 7]
const seeds = [1, 2, 3, 4]

test.before(() => useBackend('cpu'))

function measure(mlp: Mlp, points: readonly (readonly number[])[]): Promise<Measured> {
  const radii = [0.05, 0.3, 1].map((r) => ({
    rule: `${r}`,
    radius: new Float64Array(points.length).fill(r),
  }))
  return measureNetwork(readNetwork(mlpModel(mlp)), points as number[][], {
    norms: ['l2'],
    methods,
    radii,
  })
}

/** Distances and counts equal, for the methods that it is asked of. */
function same(one: Measured, other: Measured, asked: readonly Method[], label: string): void {
  const [a, b] = [one.distances[0]!, other.distances[0]!]
  near(a.distance, b.distance, {relative: 1e-4, scale: 1e-3, label: `${label}, distance`})
  assert.equal(a.layer, b.layer, `${label}, layer of the nearest boundary`)
  const own = ({bounds}: Measured) => bounds.filter(({method}) => asked.includes(method))
  own(one).forEach((bound, k) => {
    sameCounts(bound, own(other)[k]!, `${label}, ${bound.method} at ${bound.rule}`)
  })
}

function sameCounts(one: Bounds, other: Bounds, label: string): void {
  assert.equal(one.unstable, other.unstable, `${label}, unstable`)
  assert.equal(one.active, other.active, `${label}, active`)
  near(one.log2Regions, other.log2Regions, {relative: 1e-9, scale: 1, label})
}

for (const slope of [0, 0.2, -0.3]) {
  test(`slope ${slope}: a unit's incoming weights times c, its outgoing ones by c`, async () => {
    for (const seed of seeds) {
      const random = draws(`rescale ${seed}`)
      const mlp = randomMlp(random, widths, slope)
      const points = randomPoints(random, 6, 6)
      const scaled = rescaled(random, mlp)
      const asked = ['crown', 'interval', 'combined'] as const
      same(await measure(scaled, points), await measure(mlp, points), asked, `seed ${seed}`)
    }
  })

  test(`slope ${slope}: an orthogonal change of the input basis`, async () => {
    for (const seed of seeds) {
      const random = draws(`turn ${seed}`)
      const mlp = randomMlp(random, widths, slope)
      const points = randomPoints(random, 6, 6)
      const turn = orthogonal(random, 6)
      const turned = points.map((x) => turn.mmul(Matrix.columnVector(x)).to1DArray())
      const [first, ...rest] = mlp.layers as [HiddenLayer, ...HiddenLayer[]]
      // z = K^T x = (Q K)^T (Q x)
      const kernel = turn.mmul(new Matrix(first.kernel as number[][])).to2DArray()
      const own = {...mlp, layers: [{...first, kernel}, ...rest]}
      same(await measure(own, turned), await measure(mlp, points), methods, `seed ${seed}`)
    }
  })

  test(`slope ${slope}: the units of each layer in another order`, async () => {
    for (const seed of seeds) {
      const random = draws(`permute ${seed}`)
      const mlp = randomMlp(random, widths, slope)
      const points = randomPoints(random, 6, 6)
      const orders = mlp.layers.map(({bias}) => shuffled(random, bias.length))
      const [own, plain] = [
        await measure(permuted(mlp, orders), points),
        await measure(mlp, points),
      ]
      same(own, plain, methods, `seed ${seed}`)
      plain.distances[0]!.unit.forEach((unit, p) => {
        const layer = plain.distances[0]!.layer[p]!
        assert.is(orders[layer]![own.distances[0]!.unit[p]!], unit, `seed ${seed}, point ${p}`)
      })
    }
  })
}

test('a unit of tiny weights beside others is no unit that cannot move', async () => {
  for (const seed of seeds) {
    const random = draws(`tiny ${seed}`)
    const mlp = randomMlp(random, widths)
    const points = randomPoints(random, 6, 6)
    const [plain, own] = [await measure(mlp, points), await measure(withTiny(mlp), points)]
    same(own, plain, [], `seed ${seed}`)
    const {distance} = plain.distances[0]!
    own.bounds.forEach(({method, unstable}, k) => {
      if (method === 'spectral') return
      // In float64 the room for rounding goes by lengths of rows, which large weights make wide.
      const most = native64()
        ? unstable.map((own, l) =>
            own.map((_, p) => Math.min(own[p]!, plain.bounds[k]!.unstable[l]![p]!)),
          )
        : unstable
      assert.equal(most, plain.bounds[k]!.unstable, method)
    })
    for (const {method, rule, log2Regions} of own.bounds.filter((b) => b.method === 'spectral')) {
      // One region is a claim: no boundary lies within the ball.
      log2Regions.forEach((bits, p) => {
        assert.ok(bits > 0 || Number(rule) <= distance[p]!, `${method}, seed ${seed}, point ${p}`)
      })
    }
  }
})

/** Every other unit past the first layer has weights whose squares leave float32 next to the others'. */
function withTiny({layers, slope}: Mlp): Mlp {
  const tiny = (j: number) => (j % 2 === 0 ? 1e-24 : 1)
  const scaled = layers.map(({kernel, bias}, l) => {
    const [own, before] = [l > 0 && l < layers.length - 1 ? tiny : () => 1, l > 1 ? tiny : () => 1]
    return {
      kernel: kernel.map((row, i) => row.map((w, j) => (w * own(j)) / before(i))),
      bias: bias.map((b, j) => b * own(j)),
    }
  })
  return {layers: scaled, slope}
}

test('the spectral bound is the one that rescaling does change', async () => {
  const random = draws('spectral')
  const mlp = randomMlp(random, widths)
  const points = randomPoints(random, 6, 6)
  const [one, other] = [await measure(rescaled(random, mlp), points), await measure(mlp, points)]
  const bits = ({bounds}: Measured) =>
    bounds.filter(({method}) => method === 'spectral').map(({log2Regions}) => [...log2Regions])
  assert.not.equal(bits(one), bits(other))
})

function rescaled(random: Draw, {layers, slope}: Mlp): Mlp {
  let incoming: number[] | undefined
  const scaled = layers.map(({kernel, bias}, l) => {
    const last = l === layers.length - 1
    const factors = bias.map(() => (last ? 1 : 10 ** random.between(-2, 2)))
    const own = {
      kernel: kernel.map((row, i) => row.map((w, j) => (w * factors[j]!) / (incoming?.[i] ?? 1))),
      bias: bias.map((b, j) => b * factors[j]!),
    }
    incoming = factors
    return own
  })
  return {layers: scaled, slope}
}

/** New unit j of layer l is old unit orders[l][j]. */
function permuted({layers, slope}: Mlp, orders: readonly (readonly number[])[]): Mlp {
  return {
    slope,
    layers: layers.map(({kernel, bias}, l) => {
      const rows = l === 0 ? kernel : orders[l - 1]!.map((i) => kernel[i]!)
      return {
        kernel: rows.map((row) => orders[l]!.map((j) => row[j]!)),
        bias: orders[l]!.map((j) => bias[j]!),
      }
    }),
  }
}

function shuffled(random: Draw, count: number): number[] {
  const keys = Array.from({length: count}, () => random.normal())
  return [...keys.keys()].sort((a, b) => keys[a]! - keys[b]!)
}

function orthogonal(random: Draw, size: number): Matrix {
  const gaussian = new Matrix(Array.from({length: size}, () => [...random.normals(size)]))
  return new QrDecomposition(gaussian).orthogonalMatrix
}

test.run()

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {readNetwork} from '../../../src/index.js'
import {readPoints} from '../../../src/points.js'
import type {Program} from '../../../src/program/program.js'
import {type BallCell, cutCell, wholeBallCell} from '../../../src/refine/ball-cells.js'
import {cellBounds, type SplittableCell} from '../../../src/refine/bound-cells.js'
import {withSession} from '../../../src/session.js'
import {useBackend} from '../../support/backends.js'
import {type Draw, draws} from '../../support/draw.js'
import {mlpModel, randomMlp} from '../../support/mlp.js'
import {run64} from '../../support/run64.js'
import {randomPoints} from '../../support/samples.js'

const test = suite('cells bounded on the backend')
test.before(() => useBackend('cpu'))

interface Leaf {
  readonly cell: SplittableCell
  readonly log2: number
}

/** Pre-activations by kinked layer, in float64. */
const layersAt = (program: Program, x: Float64Array) => {
  const values = run64(program, x)
  return program.kinks.map(({input}) => values[input]!)
}

/** Whether a point of the unit ball is in the ball and the half-spaces of a cell. */
function holds({decided, within}: BallCell, y: Float64Array): boolean {
  const center = y.map((_, i) =>
    decided.reduce((sum, {normal, side}, k) => sum + side * within.weights[k]! * normal[i]!, 0),
  )
  const kept = decided.every(({normal, side, bound}) => {
    return side * y.reduce((sum, v, i) => sum + v * normal[i]!, 0) >= bound
  })
  return kept && Math.hypot(...y.map((v, i) => v - center[i]!)) <= within.radius + 1e-12
}

/** Splits the ball a few times and looks at points of it: each is in one cell, whose bound holds. */
async function checkCells(random: Draw, label: string): Promise<number> {
  const inputs = random.whole(1, 8)
  const widths = [inputs, ...Array.from({length: random.whole(1, 3)}, () => random.whole(2, 9))]
  const model = mlpModel(randomMlp(random, widths, random.pick([0, 0, 0.1, -0.4, 1.5])))
  const network = readNetwork(model)
  const centers = randomPoints(random, 1, inputs)
  const radius = random.pick([0.01, 0.3, 1, 3])
  const points = await readPoints('centers', centers, network.inputShape)
  const [parts] = await withSession(network, points, 2 ** 29, ({tools, eachChunk}) =>
    eachChunk('cells', async (forward) => {
      const {program} = tools
      const own = Float64Array.of(radius)
      const bound = cellBounds(
        tools,
        points,
        own,
        forward.roundoff,
        random.pick(['flats', 'product']),
      )
      const leaves: Leaf[] = await bound([wholeBallCell(0)])
      for (let splits = random.whole(0, 25); splits > 0; splits--) {
        const open = leaves.findIndex(({cell}) => cell.cut)
        if (open < 0) break
        const [{cell}] = leaves.splice(open, 1) as [Leaf]
        leaves.push(...(await bound(cutCell(cell.cell, cell.cut!))))
      }
      const seen = leaves.map(() => new Set<string>())
      for (let k = 0; k < 400; k++) {
        const y = random.inBall(new Float64Array(inputs), 1)
        const layers = layersAt(
          program,
          y.map((v, i) => points.values[i]! + radius * v),
        )
        const own = leaves.filter(({cell}) =>
          cell.cell.decided.every(({layer, unit, threshold, side}) => {
            return layers[layer]![unit]! > threshold === (side === 1)
          }),
        )
        assert.is(own.length, 1, `${label}: a point in ${own.length} cells`)
        assert.ok(holds(own[0]!.cell.cell, y), `${label}: a point outside of its cell`)
        const pattern = layers.map((z) => Array.from(z, (v) => (v > 0 ? 1 : 0)).join('')).join(' ')
        seen[leaves.indexOf(own[0]!)]!.add(pattern)
      }
      leaves.forEach(({log2}, l) => {
        const found = seen[l]!.size
        assert.ok(Math.log2(found) <= log2 + 1e-9, `${label}: ${found} regions, ${log2} bits`)
      })
      return leaves.length
    }),
  )
  model.dispose()
  return parts!
}

test('every point is in one cell, of which the bound holds', async () => {
  let cells = 0
  for (let seed = 1; seed <= 150; seed++) {
    cells += await checkCells(draws(`cells ${seed}`), `seed ${seed}`)
  }
  assert.ok(cells > 600, `${cells} cells`)
})

test.run()

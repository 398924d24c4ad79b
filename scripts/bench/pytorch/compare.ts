import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout} from 'node:timers/promises'
import * as tf from '@tensorflow/tfjs'
import {
  type Measured,
  measureNetwork,
  type Network,
  preactivationBounds,
  readNetwork,
} from '../../../src/index.js'
import {median} from '../median.js'
import {type BenchNetwork, mlp} from '../networks.js'
import {type Pytorch, type PytorchRequest, startPytorch} from './process.js'
import {writeNetwork} from './write-network.js'

/** One measurement here and the same in PyTorch, timed in turn in one run. */
export interface ComparisonRow {
  readonly network: string
  readonly measure: string
  /** The first call of this measure on this network. */
  readonly first: number
  /** Medians, once both are warm. */
  readonly milliseconds: number
  /** How much of it went into norms, which all measurements of a snapshot share. */
  readonly norms: number
  readonly pytorch: number
  readonly ratio: number
  /** Points that PyTorch takes at a time: what was fastest on this machine. */
  readonly chunk: number
  /** Largest difference of what both found; see `compare`. */
  readonly difference: number
  readonly differenceOf:
    | 'distance, relative above 0.02'
    | 'bound, relative above 1'
    | 'unstable units a point'
}

/** All rows, and what they were compared with. */
export interface Comparison {
  readonly torch: string
  readonly threads: number
  readonly rows: readonly ComparisonRow[]
}

/** The perceptrons that both measure: at initialisation, and after epochs on the embedded images. */
export const compared: readonly BenchNetwork[] = [mlp(3, 256, 0), mlp(3, 256, 3), mlp(5, 256, 3)]

/** Radii of the balls, in units of the input space. */
export const radii = [0.01, 0.03, 0.1]

interface Case {
  readonly measure: string
  readonly request: PytorchRequest
  /** Measures here, and says how many milliseconds went into norms. */
  run(): Promise<number>
  readonly differenceOf: ComparisonRow['differenceOf']
  /** How far what both found is apart. */
  difference(found: Float32Array): Promise<number>
}

/**
 * Times exact distances, the bounds `combined` and the bounds of every unit against PyTorch's whole
 * Jacobians and CROWN bounds, on the same weights and points: each as often as the other to warm up, then in turn.
 *
 * @param python a Python that has PyTorch
 */
export async function compareWithPytorch(
  python: string,
  runs: number,
  networks = compared,
  onNetwork: (name: string) => void = () => {},
): Promise<Comparison> {
  const rows: ComparisonRow[] = []
  let [torch, threads] = ['', 0]
  for (const network of networks) {
    onNetwork(network.name)
    const folder = mkdtempSync(join(tmpdir(), 'linear-regions-pytorch-'))
    const model = await network.build()
    const shape: [number, number] = [network.points, network.inputShape[0]!]
    const x = tf.randomUniform<tf.Rank.R2>(shape, 0, 1, 'float32', 1)
    let pytorch: Pytorch | undefined
    try {
      await writeNetwork(folder, model, x)
      pytorch = await startPytorch(python, folder)
      torch = pytorch.version
      threads = pytorch.threads
      for (const own of cases(readNetwork(model), x)) {
        rows.push(await compare(pytorch, network.name, own, runs, join(folder, 'found.bin')))
      }
    } finally {
      await pytorch?.close()
      tf.dispose([x, ...model.weights.map((weight) => weight.read())])
      rmSync(folder, {recursive: true, force: true})
    }
  }
  return {torch, threads, rows}
}

/** Milliseconds between the two: idle threads of the one spin for a while and would slow the other down. */
const pause = 50

/** Calls that `compare.py` makes to find its fastest chunk, and the first whole one: as many as are made here, too. */
const warmUps = 16

async function compare(
  pytorch: Pytorch,
  network: string,
  {measure, request, run, difference, differenceOf}: Case,
  runs: number,
  save: string,
): Promise<ComparisonRow> {
  const start = performance.now()
  await run()
  const first = performance.now() - start
  for (let k = 1; k < warmUps; k++) await run()
  await pytorch.measure({...request, save})
  const bytes = readFileSync(save)
  const found = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
  const apart = await difference(found)
  const [own, norms, theirs]: number[][] = [[], [], []]
  let chunk = 0
  for (let k = 0; k < runs; k++) {
    await setTimeout(pause)
    const start = performance.now()
    norms!.push(await run())
    own!.push(performance.now() - start)
    await setTimeout(pause)
    const answer = await pytorch.measure(request)
    theirs!.push(answer.milliseconds)
    chunk = answer.chunk
  }
  const [milliseconds, other] = [median(own!), median(theirs!)]
  const ratio = milliseconds / other
  return {
    network,
    measure,
    first,
    milliseconds,
    norms: median(norms!),
    pytorch: other,
    ratio,
    chunk,
    difference: apart,
    differenceOf,
  }
}

function cases(network: Network, x: tf.Tensor2D): Case[] {
  const count = x.shape[0]
  const distance = () => measureNetwork(network, x, {norms: ['l2']})
  const combined = (radius: number) =>
    measureNetwork(network, x, {
      methods: ['combined'],
      // PyTorch bounds units and counts no regions: the counting that costs next to nothing.
      countings: ['product'],
      radii: [{rule: `${radius}`, radius: new Float64Array(count).fill(radius)}],
    })
  const everyRow = (radius: number) => preactivationBounds(network, x, radius, {method: 'crown'})
  return [
    {
      measure: 'distance l2',
      request: {measure: 'distance'},
      run: async () => normsOf(await distance()),
      differenceOf: 'distance, relative above 0.02',
      difference: async (found) =>
        largestRelative((await distance()).distances[0]!.distance, found, 0.02),
    },
    ...radii.map(
      (radius): Case => ({
        measure: `combined, r = ${radius}`,
        request: {measure: 'crown', radius},
        run: async () => normsOf(await combined(radius)),
        differenceOf: 'unstable units a point',
        difference: async (found) => {
          const [bounds] = (await combined(radius)).bounds
          const own = bounds!.unstable.reduce(
            (sum, layer) => sum + layer.reduce((a, b) => a + b),
            0,
          )
          const half = found.length / 2
          let theirs = 0
          for (let at = 0; at < half; at++) if (found[at]! < 0 && found[half + at]! > 0) theirs++
          return (own - theirs) / count
        },
      }),
    ),
    {
      measure: `every row of crown, r = ${radii[0]}`,
      request: {measure: 'crown', radius: radii[0]!},
      run: async () => {
        await everyRow(radii[0]!)
        return 0
      },
      differenceOf: 'bound, relative above 1',
      difference: async (found) => {
        const {lower, upper} = await everyRow(radii[0]!)
        const own = Float64Array.from([...lower, ...upper].flatMap((layer) => [...layer]))
        return largestRelative(own, found, 1)
      },
    },
  ]
}

const normsOf = ({timings}: Measured) => timings.norms!

/** The largest |a - b| / (|b| + floor). */
function largestRelative(own: Float64Array, found: Float32Array, floor: number): number {
  if (own.length !== found.length) {
    throw new Error(`PyTorch: expected ${own.length} values, got ${found.length}`)
  }
  return own.reduce(
    (most, value, at) =>
      Math.max(most, Math.abs(value - found[at]!) / (Math.abs(found[at]!) + floor)),
    0,
  )
}

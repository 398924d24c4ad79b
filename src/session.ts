import {type BallProgram, readBalls} from './bounds/ball.js'
import type {BoundTools, RoundTrips} from './bounds/bound-layers.js'
import {chunksOf} from './chunks.js'
import {createStop, type Stop} from './common/stop.js'
import {type Forward, runForward} from './forward/forward.js'
import {roundoffOfBackend} from './forward/rounding.js'
import type {Network} from './network.js'
import {deviceCosts} from './on-device/costs.js'
import type {Points} from './points.js'
import {type Program, readProgram} from './program/program.js'
import {prepareKernels} from './simd/index.js'

/** What lasts as long as one call: the weights, the points run forward, and what is computed once. */
export interface Session {
  readonly tools: BoundTools
  readonly stop: Stop
  readonly timings: Record<string, number>
  /** Adds the time that something takes up under a name. */
  timed<T>(name: string, run: () => Promise<T>): Promise<T>
  /** Runs a measurement over the points in chunks, one result a chunk, and adds its time up. */
  eachChunk<T>(name: string, measure: (forward: Forward, start: number) => Promise<T>): Promise<T[]>
}

/** Reads the network once, hands it to `use`, and disposes of every tensor whatever happens. */
export async function withSession<T>(
  network: Network,
  points: Points,
  memory: number,
  use: (session: Session) => Promise<T>,
  stop: Stop = createStop(),
): Promise<T> {
  const timings: Record<string, number> = {}
  const timed = async <R>(name: string, run: () => Promise<R>): Promise<R> => {
    const start = performance.now()
    try {
      return await run()
    } finally {
      timings[name] = (timings[name] ?? 0) + performance.now() - start
    }
  }
  const program = await timed('network', () => readProgram(network))
  try {
    await timed('network', prepareKernels)
    const roundoff = await timed('network', roundoffOfBackend)
    const costs = await timed('network', deviceCosts)
    const spared = (what: string, milliseconds: number) => {
      const name = `${what} without reading back`
      timings[name] = (timings[name] ?? 0) + milliseconds
    }
    const tools = makeTools(program, memory, roundoff, stop, {costs, spared})
    const forwards = await timed('network', async () => {
      const runs: Forward[] = []
      for (const chunk of chunksOf(points, program, memory)) {
        runs.push(await runForward(program, chunk, roundoff, memory))
      }
      return runs
    })
    return await use({
      tools,
      stop,
      timings,
      timed,
      eachChunk: (name, measure) =>
        timed(name, async () => {
          const results = []
          let start = 0
          for (const forward of forwards) {
            stop.check()
            results.push(await measure(forward, start))
            start += forward.points.count
          }
          return results
        }),
    })
  } finally {
    program.dispose()
  }
}

function makeTools(
  program: Program,
  memory: number,
  roundoff: number,
  {check}: Stop,
  roundTrips: RoundTrips,
): BoundTools {
  const balls = new Map<string, BallProgram>()
  return {
    program,
    memory,
    checkTime: check,
    roundTrips,
    balls: (kind) => {
      const known = balls.get(kind) ?? readBalls(program, kind === 'normalised', roundoff)
      balls.set(kind, known)
      return known
    },
  }
}

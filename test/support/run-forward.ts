import type * as tf from '@tensorflow/tfjs'
import {runForward} from '../../src/forward/forward.js'
import {float32Roundoff} from '../../src/forward/rounding.js'
import {type PointsLike, readPoints} from '../../src/points.js'
import {type Program, readProgram} from '../../src/program/program.js'
import {readNetwork} from '../../src/read-network.js'

/** Reads a model's weights, uses the program and disposes of it. */
export async function withProgram<T>(
  model: tf.LayersModel,
  use: (program: Program) => T | Promise<T>,
): Promise<T> {
  const program = await readProgram(readNetwork(model))
  try {
    return await use(program)
  } finally {
    program.dispose()
  }
}

/**
 * What decides every kink, per kinked layer at the points: every measurement starts from it. Of a (leaky)
 * ReLU it is the pre-activation.
 */
export function preActivationsOf(model: tf.LayersModel, points: PointsLike) {
  return withProgram(model, async (program) => {
    const read = await readPoints('points', points, readNetwork(model).inputShape)
    const forward = await runForward(program, read, float32Roundoff, 2 ** 24)
    return forward.kinks.map(({center}) => center)
  })
}

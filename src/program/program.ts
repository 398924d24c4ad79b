import {keep as keepBeyondTidy, type Tensor} from '@tensorflow/tfjs'
import type {AffineMap, AffineWeights} from '../affine/affine-map.js'
import {NonFiniteError} from '../errors.js'
import type {Kink} from '../kinks/kink.js'
import type {Network, Step} from '../network.js'

/** An affine map of earlier values. */
export interface AffineInstruction {
  readonly kind: 'affine'
  readonly inputs: readonly number[]
  readonly map: AffineMap
}

/** A kink on every unit of an earlier value; `layer` is its place among the kinked layers. */
export interface KinkInstruction {
  readonly kind: 'kink'
  readonly input: number
  readonly layer: number
  /** Name of the layer in the model. */
  readonly name: string
  readonly units: number
  readonly kink: Kink
}

/**
 * A network with the weights it had at one moment, on the backend: affine maps that follow each other
 * are one map. Value 0 is the input; instruction k makes value k + 1. It owns tensors.
 */
export interface Program {
  readonly instructions: readonly (AffineInstruction | KinkInstruction)[]
  /** The kink instructions, by layer. */
  readonly kinks: readonly KinkInstruction[]
  readonly inputSize: number
  /** How many instructions read each value. */
  readonly readers: readonly number[]
  /** Asks for something to be done when the program is disposed of. */
  whenDisposed(action: () => void): void
  dispose(): void
}

/**
 * Reads the live weights of a network once. Dispose of the program when everything is measured.
 *
 * @throws NonFiniteError naming the layer whose weights are NaN or infinite
 */
export async function readProgram(network: Network): Promise<Program> {
  const read = await Promise.all(
    network.steps.map((step) => naming<AffineWeights | Kink>(step, () => step.source.read())),
  )
  const uses = new Map<number, number>()
  for (const step of network.steps) {
    for (const input of step.inputs) uses.set(input, (uses.get(input) ?? 0) + 1)
  }

  // Values are renumbered: a map that took its predecessor in leaves no value of its own.
  type Pending = {kind: 'affine'; inputs: readonly number[]; weights: AffineWeights}
  const pending: (Pending | KinkInstruction)[] = []
  const made = new Map<number, number>([[0, 0]])
  let layer = 0
  network.steps.forEach((step, k) => {
    const inputs = step.inputs.map((input) => made.get(input)!)
    if (step.kind === 'kink') {
      const [input] = inputs as [number]
      const kink = read[k] as Kink
      pending.push({kind: 'kink', input, layer: layer++, name: step.name, units: step.size, kink})
    } else {
      const weights = read[k] as AffineWeights
      const last = pending.at(-1)
      const follows = inputs.length === 1 && inputs[0] === pending.length
      const alone = uses.get(step.inputs[0]!) === 1
      const fused =
        follows && alone && last?.kind === 'affine' ? weights.after(last.weights) : undefined
      if (fused && last?.kind === 'affine') last.weights = fused
      else pending.push({kind: 'affine', inputs, weights})
    }
    made.set(k + 1, pending.length)
  })

  const tensors: Tensor[] = []
  const keep = <T extends Tensor>(tensor: T) => {
    tensors.push(tensor)
    return keepBeyondTidy(tensor)
  }
  const disposeTensors = () => {
    for (const tensor of tensors) tensor.dispose()
  }
  const instructions = orElse(disposeTensors, () =>
    pending.map((item) =>
      item.kind === 'kink'
        ? item
        : {kind: item.kind, inputs: item.inputs, map: item.weights.build(keep)},
    ),
  )
  const readers = new Array<number>(instructions.length + 1).fill(0)
  for (const item of instructions) {
    for (const input of item.kind === 'kink' ? [item.input] : item.inputs) readers[input]!++
  }
  const atEnd: (() => void)[] = []
  return {
    instructions,
    readers,
    kinks: instructions.filter((instruction) => instruction.kind === 'kink'),
    inputSize: network.inputShape.reduce((a, b) => a * b, 1),
    whenDisposed: (action) => {
      atEnd.push(action)
    },
    dispose: () => {
      disposeTensors()
      for (const action of atEnd.splice(0)) action()
    },
  }
}

/** Most numbers that are added up for one output of a map. */
export function widestFan({instructions}: Program): number {
  return instructions.reduce(
    (most, item) => (item.kind === 'affine' ? Math.max(most, item.map.fanIn) : most),
    1,
  )
}

/** What `make` makes; where it throws, `clearUp` comes first. */
function orElse<T>(clearUp: () => void, make: () => T): T {
  try {
    return make()
  } catch (error) {
    clearUp()
    throw error
  }
}

/** Adds the layer's name to what is wrong with its weights. */
async function naming<T>(step: Step, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error
    throw new NonFiniteError(`layer "${step.name}" (${step.className}): ${error.message}`)
  }
}

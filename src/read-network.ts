import type {LayersModel} from '@tensorflow/tfjs'
import {UnsupportedLayerError} from './errors.js'
import {layerReaders} from './layers/index.js'
import {type LayerLike, type Piece, Unreadable} from './layers/layer-reader.js'
import type {KinkedLayer, Network, Shape, Step} from './network.js'

interface SymbolicTensorLike {
  readonly id: number
  readonly shape: readonly (number | null)[]
  readonly sourceLayer: LayerLike & Partial<ContainerLike>
  readonly inputs: readonly SymbolicTensorLike[]
  readonly nodeIndex: number
  readonly tensorIndex: number
}

interface ContainerLike {
  readonly inputs: readonly SymbolicTensorLike[]
  readonly outputs: readonly SymbolicTensorLike[]
  readonly layers: readonly LayerLike[]
}

/** A smooth function: allowed as the last thing the model does, and refused anywhere else. */
interface SmoothStep {
  readonly kind: 'smooth'
  readonly inputs: readonly number[]
  readonly name: string
  readonly className: string
  readonly activation: string
}

/**
 * Reads a model into affine maps and kinks.
 *
 * Sequential and functional models, nested ones and shared layers too, with one input and one output.
 * A layer counts by having a kink; whatever follows the last kink is left off, and so is a smooth
 * activation (softmax, sigmoid) at the very end. The weights are not read here but at each measurement.
 *
 * @param model a built `tf.LayersModel`
 * @throws UnsupportedLayerError naming the first layer that cannot be read, its class and why
 *
 * ```ts
 * const model = tf.sequential({layers: [
 *   tf.layers.dense({units: 16, activation: 'relu', inputShape: [2]}),
 *   tf.layers.dense({units: 3, activation: 'softmax'}),
 * ]})
 * readNetwork(model).layers  //-> [{name: 'dense_Dense1', className: 'Dense', units: 16, kinks: 1}]
 * ```
 */
export function readNetwork(model: LayersModel): Network {
  const {inputs, outputs} = asContainer(model)
  const steps: (Step | SmoothStep)[] = []
  const valueNumber = new Map<number, number>()
  const inputShape = knownShape(inputs[0]!)
  valueNumber.set(inputs[0]!.id, 0)

  const visit = (tensor: SymbolicTensorLike): number => {
    const known = valueNumber.get(tensor.id)
    if (known !== undefined) return known
    const layer = tensor.sourceLayer
    const value = isContainer(layer)
      ? visitNested(tensor, layer)
      : addPieces(steps, layer, tensor, tensor.inputs.map(visit))
    valueNumber.set(tensor.id, value)
    return value
  }

  // A nested model is entered with its own inputs standing for the values it is called with. A model
  // that is called twice has the same inner tensors both times: what they stood for is put back.
  const visitNested = (tensor: SymbolicTensorLike, nested: ContainerLike): number => {
    const values = tensor.inputs.map(visit)
    const outer = new Map(valueNumber)
    valueNumber.clear()
    nested.inputs.forEach((input, i) => {
      valueNumber.set(input.id, values[i]!)
    })
    const value = visit(nested.outputs[tensor.tensorIndex]!)
    valueNumber.clear()
    for (const [id, known] of outer) valueNumber.set(id, known)
    return value
  }

  const output = visit(outputs[0]!)
  const kept = withoutTail(steps, output)
  return {
    inputShape,
    layers: kept.filter((step) => step.kind === 'kink').map(describe),
    parameters: model.countParams(),
    steps: kept,
  }
}

function asContainer(model: unknown): ContainerLike {
  const container = model as Partial<ContainerLike> & {executor?: unknown; name?: string}
  const refuse = (reason: string, className: string) => {
    throw new UnsupportedLayerError(container?.name ?? 'model', className, reason, [
      'tf.sequential and tf.model with one input and one output',
    ])
  }
  if (container === null || typeof container !== 'object') {
    return refuse(
      `expected a tf.LayersModel, got ${container === null ? 'null' : typeof container}`,
      'none',
    )
  }
  if (container.executor !== undefined) {
    return refuse('a graph model keeps no layers; load the model as a LayersModel', 'GraphModel')
  }
  if (!isContainer(container)) {
    return refuse('expected a built tf.LayersModel; give the first layer an inputShape', 'model')
  }
  const {inputs, outputs} = container
  if (inputs.length !== 1 || outputs.length !== 1) {
    return refuse(`it has ${inputs.length} inputs and ${outputs.length} outputs`, 'model')
  }
  return container
}

function isContainer(layer: Partial<ContainerLike>): layer is ContainerLike {
  return Array.isArray(layer.layers) && Array.isArray(layer.inputs) && Array.isArray(layer.outputs)
}

function knownShape(tensor: SymbolicTensorLike): Shape {
  const shape = tensor.shape.slice(1)
  const layer = tensor.sourceLayer
  if (shape.some((length) => length === null)) {
    const reason = `expected fixed lengths, got shape [${tensor.shape.map(String)}]`
    throw new UnsupportedLayerError(layer.name, layer.getClassName(), reason, [
      'fixed input shapes',
    ])
  }
  return shape as Shape
}

/** Adds what a layer does to the steps and returns the number of the value that it makes. */
function addPieces(
  steps: (Step | SmoothStep)[],
  layer: LayerLike,
  tensor: SymbolicTensorLike,
  inputs: readonly number[],
): number {
  const name = layer.name
  const className = layer.getClassName()
  const size = knownShape(tensor).reduce((a, b) => a * b, 1)
  let values = inputs
  for (const piece of readPieces(layer, tensor)) {
    if (piece.kind === 'affine') {
      steps.push({kind: 'affine', inputs: values, name, className, size, source: piece.source})
    } else if (piece.kind === 'kink') {
      const [input] = values as [number]
      const {kinks, source} = piece
      steps.push({kind: 'kink', inputs: [input], name, className, size, kinks, source})
    } else {
      steps.push({kind: 'smooth', inputs: values, name, className, activation: piece.activation})
    }
    values = [steps.length]
  }
  return values[0]!
}

function readPieces(layer: LayerLike, tensor: SymbolicTensorLike): readonly Piece[] {
  const className = layer.getClassName()
  const supported = Object.keys(layerReaders)
  const reader = layerReaders[className]
  if (!reader) {
    throw new UnsupportedLayerError(layer.name, className, 'its class is not supported', supported)
  }
  try {
    return reader(layer, tensor.inputs.map(knownShape), knownShape(tensor))
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    throw new UnsupportedLayerError(layer.name, className, error.message, supported)
  }
}

/** The steps that some kink depends on, renumbered. */
function withoutTail(steps: readonly (Step | SmoothStep)[], output: number): Step[] {
  const needed = new Set<number>()
  for (let value = steps.length; value > 0; value--) {
    const step = steps[value - 1]!
    if (step.kind === 'smooth' && value !== output) {
      throw new UnsupportedLayerError(
        step.name,
        step.className,
        `the smooth activation '${step.activation}' inside the network leaves no linear regions`,
        [
          'relu, relu6, hardSigmoid and linear, LeakyReLU and PReLU as layers',
          'any activation at the output',
        ],
      )
    }
    if (step.kind === 'kink') needed.add(value)
    if (needed.has(value)) for (const input of step.inputs) needed.add(input)
  }
  const valueNumber = new Map<number, number>([[0, 0]])
  const kept: Step[] = []
  steps.forEach((step, k) => {
    if (!needed.has(k + 1) || step.kind === 'smooth') return
    const inputs = step.inputs.map((input) => valueNumber.get(input)!)
    kept.push(step.kind === 'kink' ? {...step, inputs: [inputs[0]!]} : {...step, inputs})
    valueNumber.set(k + 1, kept.length)
  })
  return kept
}

function describe(step: Step): KinkedLayer {
  const {name, className, size} = step
  return {name, className, units: size, kinks: step.kind === 'kink' ? step.kinks : 0}
}

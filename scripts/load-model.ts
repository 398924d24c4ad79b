import {existsSync, readFileSync, statSync} from 'node:fs'
import {dirname, join} from 'node:path'
import * as tf from '@tensorflow/tfjs'

interface WeightGroup {
  readonly paths: readonly string[]
  readonly weights: readonly tf.io.WeightsManifestEntry[]
}

interface ModelFile {
  readonly format?: string
  readonly modelTopology?: object
  readonly weightsManifest?: readonly WeightGroup[]
}

/**
 * Loads a saved `tf.LayersModel` from its folder or its model.json, on every backend: plain
 * TensorFlow.js has no handler for files. Weight files lie beside model.json.
 *
 * @throws where a file is missing, is no saved layers model, or has too few weights; the message
 * names the file
 *
 * @example
 * const model = await loadModel('checkpoints/epoch-20')
 */
export async function loadModel(path: string): Promise<tf.LayersModel> {
  const file = modelFile(path)
  const {modelTopology, weightsManifest} = readManifest(file)
  const weightSpecs = weightsManifest.flatMap(({weights}) => weights)
  const weightData = readWeights(dirname(file), weightsManifest)
  const expected = weightSpecs.reduce((bytes, spec) => bytes + bytesOf(spec), 0)
  if (weightData.byteLength !== expected) {
    throw new Error(
      `${file}: expected ${expected} bytes of weights, got ${weightData.byteLength} in ${weightsManifest.flatMap(({paths}) => paths).join(', ')}`,
    )
  }
  try {
    return await tf.loadLayersModel({load: async () => ({modelTopology, weightSpecs, weightData})})
  } catch (error) {
    throw new Error(`${file}: cannot be loaded as a layers model (${(error as Error).message})`)
  }
}

function modelFile(path: string): string {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'model.json') : path
  if (existsSync(file)) return file
  throw new Error(`model: expected a model.json or its folder, got "${path}", which has none`)
}

function readManifest(file: string): Required<ModelFile> {
  let read: ModelFile
  try {
    read = JSON.parse(readFileSync(file, 'utf8')) as ModelFile
  } catch (error) {
    throw new Error(`${file}: expected JSON (${(error as Error).message})`)
  }
  const {format = 'layers-model', modelTopology, weightsManifest} = read
  if (format !== 'layers-model') {
    throw new Error(
      `${file}: expected a layers model, got a ${format}, which has no layers to read`,
    )
  }
  if (!modelTopology || !weightsManifest) {
    throw new Error(
      `${file}: expected modelTopology and weightsManifest, as model.save writes them`,
    )
  }
  return {format, modelTopology, weightsManifest}
}

function readWeights(folder: string, manifest: readonly WeightGroup[]): ArrayBuffer {
  const parts = manifest.flatMap(({paths}) => paths).map((path) => readPart(join(folder, path)))
  const whole = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole.buffer
}

function readPart(path: string): Uint8Array {
  if (existsSync(path)) return readFileSync(path)
  throw new Error(`${path}: expected a file of weights, which is not there`)
}

function bytesOf({shape, dtype, quantization}: tf.io.WeightsManifestEntry): number {
  const bytes = {float32: 4, int32: 4, uint16: 2, uint8: 1, bool: 1, float16: 2}
  const type = quantization?.dtype ?? dtype
  return tf.util.sizeFromShape(shape) * (bytes[type as keyof typeof bytes] ?? 4)
}

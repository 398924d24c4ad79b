import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import * as tf from '@tensorflow/tfjs'

/**
 * Saves a network as it is now, as `model.save` does with the native package, on every backend:
 * `step-N/model.json` and `step-N/weights.bin`, which `measure --model` reads.
 *
 * @returns the folder of the model
 */
export async function saveCheckpoint(
  model: tf.LayersModel,
  folder: string,
  step: number,
): Promise<string> {
  const path = join(folder, `step-${step}`)
  await mkdir(path, {recursive: true})
  await model.save(
    tf.io.withSaveHandler(async ({modelTopology, weightSpecs, weightData, format}) => {
      const weights = tf.io.CompositeArrayBuffer.join(weightData)
      await writeFile(join(path, 'weights.bin'), new Uint8Array(weights))
      const weightsManifest = [{paths: ['weights.bin'], weights: weightSpecs}]
      const file = {format, modelTopology, weightsManifest}
      await writeFile(join(path, 'model.json'), JSON.stringify(file))
      return {modelArtifactsInfo: {dateSaved: new Date(), modelTopologyType: 'JSON'}}
    }),
  )
  return path
}

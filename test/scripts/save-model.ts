import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import * as tf from '@tensorflow/tfjs'

/** Saves a model as `model.save('file://...')` of tfjs-node does, its weights in two files. */
export async function saveModel(model: tf.LayersModel, folder: string): Promise<void> {
  mkdirSync(folder, {recursive: true})
  await model.save(
    tf.io.withSaveHandler(async ({modelTopology, weightSpecs, weightData}) => {
      const bytes = new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData))
      const half = Math.floor(bytes.length / 2)
      writeFileSync(join(folder, 'weights-1.bin'), bytes.subarray(0, half))
      writeFileSync(join(folder, 'weights-2.bin'), bytes.subarray(half))
      const paths = ['weights-1.bin', 'weights-2.bin']
      const content = {
        format: 'layers-model',
        modelTopology,
        weightsManifest: [{paths, weights: weightSpecs}],
      }
      writeFileSync(join(folder, 'model.json'), JSON.stringify(content))
      return {modelArtifactsInfo: {dateSaved: new Date(), modelTopologyType: 'JSON'}}
    }),
  )
}

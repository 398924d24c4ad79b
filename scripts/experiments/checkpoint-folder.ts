import {join} from 'node:path'

/** Where the networks of a run are saved, in the folder of the results. */
export const checkpointFolder = (results: string, runId: string) =>
  join(results, 'checkpoints', runId)

/** Beside them, the training points that span the slices. */
export const slicePointsFile = 'slice-points.json'

/** What a snapshot of train.ts has. */
export const trainedSize = {
  points: 40,
  distances: 40,
  bounds: 160,
  layer_bounds: 320,
  measurements: 0,
  timings: 6,
  summaries: 10,
}

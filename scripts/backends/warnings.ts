import type {Proved} from './tasks.js'

/** Below this round-off a product counts as float32, however its sums are arranged. */
const single = 2 ** -20

/** What the user should be told of a backend that works. */
export function warningsFor(name: string, {gpu, library, roundoff}: Proved): string[] {
  const warnings: string[] = []
  if (name === 'tfjs-node-gpu' && !gpu) {
    warnings.push(
      `tfjs-node-gpu computes on the CPU: ${library} found no GPU that it can use (the card's driver and the CUDA libraries of that version are needed; \`linear-regions backends install --gpu\` brings the libraries); the results are right, only slower`,
    )
  }
  if (roundoff > single) {
    warnings.push(
      `${name} rounds matrix products to 2^${Math.round(Math.log2(roundoff))}, not to float32's 2^-24, as GPUs do in TF32: bounds are widened by that, and distances are less exact`,
    )
  }
  return warnings
}

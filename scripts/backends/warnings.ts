import {coarseProducts} from '../../src/forward/rounding.js'
import type {Proved} from './tasks.js'

/** What the user should be told of a backend that works. */
export function warningsFor(name: string, {gpu, library, roundoff}: Proved): string[] {
  const warnings: string[] = []
  if (name === 'tfjs-node-gpu' && !gpu) {
    warnings.push(
      `tfjs-node-gpu computes on the CPU: ${library} found no GPU that it can use (the card's driver and the CUDA libraries of that version are needed; \`linear-regions backends install --gpu\` brings the libraries); the results are right, only slower`,
    )
  }
  const coarse = coarseProducts(name, roundoff)
  if (coarse !== undefined) warnings.push(coarse)
  return warnings
}

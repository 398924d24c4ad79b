/**
 * A layer that this package cannot read as affine maps and kinks.
 *
 * The message names the layer, its class, the reason, and what is supported. It is thrown by
 * `readNetwork`, that is before any training starts.
 *
 * ```ts
 * try {
 *   readNetwork(model)
 * } catch (error) {
 *   if (error instanceof UnsupportedLayerError) console.error(error.layer, error.layerClass)
 * }
 * ```
 */
export class UnsupportedLayerError extends Error {
  override readonly name = 'UnsupportedLayerError'
  /** Name of the layer, as `model.summary()` prints it. */
  readonly layer: string
  /** Class of the layer, for example `'Conv3D'`. */
  readonly layerClass: string

  constructor(layer: string, layerClass: string, reason: string, supported: readonly string[]) {
    super(`layer "${layer}" (${layerClass}): ${reason}; supported are ${supported.join(', ')}`)
    this.layer = layer
    this.layerClass = layerClass
  }
}

/**
 * A weight, a pre-activation or a point that is NaN or infinite, so that nothing can be measured.
 *
 * ```ts
 * await distanceToBoundary(network, [[0, Number.NaN]])
 * //-> NonFiniteError: points: expected finite numbers, got NaN at point 0, feature 1
 * ```
 */
export class NonFiniteError extends Error {
  override readonly name = 'NonFiniteError'
}

/** The place of the first number that is NaN or infinite; -1 where all are finite. */
export function findNonFinite(values: Float32Array): number {
  // 0 times a finite number is 0, of either sign; times any other it is NaN. Sums need no branch for each number.
  // Four sums at once do not wait for each other; taken out of one array, they would be objects and not in registers.
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let at = 0
  for (; at + 3 < values.length; at += 4) {
    a += 0 * values[at]!
    b += 0 * values[at + 1]!
    c += 0 * values[at + 2]!
    d += 0 * values[at + 3]!
  }
  for (; at < values.length; at++) a += 0 * values[at]!
  return a + b + c + d === 0 ? -1 : values.findIndex((value) => !Number.isFinite(value))
}

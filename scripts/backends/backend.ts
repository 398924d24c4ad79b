/** What a backend tells of itself once it runs. */
export interface BackendFacts {
  /** The version of its npm package. */
  readonly version: string
  /** The library below it, `TensorFlow 2.21.0`; null where there is none. */
  readonly library: string | null
  /** What it computes on, in words: the processor's name, or the graphics card's. */
  readonly device: string
  /** Does it compute on a GPU? */
  readonly gpu: boolean
  /** A GPU that a program on the processor imitates, slower than any other backend. */
  readonly imitated?: boolean
}

/** One way to compute with TensorFlow.js in Node. */
export interface Backend {
  readonly name: string
  readonly package: string
  /** What `tf.getBackend()` says where it runs. */
  readonly registeredAs: string
  /**
   * Imports the package and makes it the active backend. Only one backend is ever loaded in a
   * process, since two of the native ones cannot live in one.
   *
   * @throws `BackendUnavailable`, with one sentence that says why and what would help
   */
  load(): Promise<BackendFacts>
  /** Why it cannot be had, where that is known without loading it. */
  missing?(): string | undefined
}

/** Says in one sentence why a backend cannot be had, and what would help. */
export class BackendUnavailable extends Error {
  override readonly name = 'BackendUnavailable'
}

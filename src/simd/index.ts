import {binary} from './binary.js'

/** Rows that are windows of an image: where they and their places are, and how large a window is. */
export type Windows = [
  values: number,
  rows: number,
  top: number,
  left: number,
  height: number,
  width: number,
  channels: number,
]

/** The image that they are windows of; the lines of its kink begin with the line `first`. */
export type OfImage = [imageHeight: number, imageWidth: number, first: number]

/** The lines of a kink for one point: see `Lines`. Nothing but lower slopes where each unit has one line. */
export type LinesOfPoint = [
  lowerSlope: number,
  upperSlope: number,
  lowerGap: number,
  upperGap: number,
]

/**
 * The longest loops of bounding and counting, as WebAssembly: V8 has no SIMD for JavaScript, and takes several times as
 * long. They are written in AssemblyScript, in `kernels/`, where each says what it computes, of which shapes; `npm run
 * kernels` compiles them. Numbers that name arrays are their places in the kernels' memory: `byteOffset` of what
 * `workspace` gives.
 */
export interface Kernels {
  addFloats(a: number, b: number, count: number): void
  multiplyFloats(a: number, b: number, count: number): void
  multiples(a: number, factor: number, out: number, count: number): void
  smaller(a: number, b: number, count: number): void
  placesReaching(
    gap: number,
    below: number,
    above: number,
    room: number,
    count: number,
    first: number,
    places: number,
  ): number
  firstEntries(matrix: number, n: number, first: number): void
  times(matrix: number, n: number, first: number, x: number, out: number): void
  hasCholeskyFactor(matrix: number, n: number, first: number, bound: number, factor: number): number
  weightedSquares(gram: number, stride: number, n: number, shares: number): number
  addProducts(
    matrix: number,
    n: number,
    gram: number,
    stride: number,
    weight: number,
    factors: number,
  ): void
  passBent(
    row: number,
    out: number,
    count: number,
    sign: number,
    lowerSlope: number,
    upperSlope: number,
    lowerGap: number,
    upperGap: number,
  ): number
  passStraight(row: number, out: number, count: number, sign: number, slope: number): void
  copyRows(
    table: number,
    size: number,
    places: number,
    signs: number,
    rows: number,
    out: number,
  ): void
  weightedLength(row: number, count: number, weights: number): number
  addShifted(counts: number, to: number, from: number, least: number, last: number): void
  passWindows(...all: [...Windows, ...OfImage, ...LinesOfPoint, slack: number]): void
  passPools(
    ...all: [
      ...Windows,
      ...OfImage,
      ...LinesOfPoint,
      slack: number,
      candidates: number,
      plane: number,
      targets: number,
      out: number,
      outSize: number,
    ]
  ): void
  sumWindows(
    ...all: [...Windows, imageHeight: number, imageWidth: number, squared: number, sums: number]
  ): void
  windowProducts(
    ...all: [
      ...Windows,
      imageHeight: number,
      imageWidth: number,
      factor: number,
      grams: number,
      stride: number,
    ]
  ): void
}

/** Numbers of rows that loops look at at a time: they stay in the processor's caches. */
export const atOnce = 2 ** 16

const page = 2 ** 16
/** Vectors of 128 bits are read fastest from such places. */
const aligned = 16

/** Arrays in the kernels' memory, one after the other. They hold anything until they are written. */
export class Workspace {
  readonly #buffer: ArrayBuffer
  #end = aligned

  constructor(buffer: ArrayBuffer) {
    this.#buffer = buffer
  }

  float64(length: number): Float64Array {
    return new Float64Array(this.#buffer, this.#take(8 * length), length)
  }

  float32(length: number): Float32Array {
    return new Float32Array(this.#buffer, this.#take(4 * length), length)
  }

  int32(length: number): Int32Array {
    return new Int32Array(this.#buffer, this.#take(4 * length), length)
  }

  #take(bytes: number): number {
    const start = this.#end
    this.#end += Math.ceil(bytes / aligned) * aligned
    return start
  }
}

interface Loaded {
  readonly kernels: Kernels
  readonly memory: WebAssembly.Memory
}

let loaded: Loaded | undefined

function load(): Loaded {
  loaded ??= instantiate()
  return loaded
}

const readBinary = () => Uint8Array.from(atob(binary), (character) => character.charCodeAt(0))

const asLoaded = ({exports}: WebAssembly.Instance, memory: WebAssembly.Memory): Loaded => ({
  kernels: exports as unknown as Kernels,
  memory,
})

/**
 * Compiles the kernels aside: browsers before 2023 refuse to compile more than 4 KB at once on a page. Where that cannot be
 * done either, `kernels` says so to who needs them.
 */
export async function prepareKernels(): Promise<void> {
  if (loaded) return
  const memory = new WebAssembly.Memory({initial: 1})
  try {
    const {instance} = await WebAssembly.instantiate(readBinary(), {env: {memory}})
    loaded ??= asLoaded(instance, memory)
  } catch {
    // Not every measurement needs them.
  }
}

function instantiate(): Loaded {
  const memory = new WebAssembly.Memory({initial: 1})
  try {
    const module = new WebAssembly.Module(readBinary())
    return asLoaded(new WebAssembly.Instance(module, {env: {memory}}), memory)
  } catch (cause) {
    throw new Error(
      `bounds need WebAssembly with SIMD, which could not be had here: ${cause}. A page with a Content-Security-Policy has to allow 'wasm-unsafe-eval'; browsers before 2023 may have none`,
      {cause},
    )
  }
}

/**
 * The kernels, compiled now where `prepareKernels` has not.
 *
 * @throws Error where there is no WebAssembly with SIMD
 */
export const kernels = (): Kernels => load().kernels

/**
 * Room for arrays of so many bytes in all, each of which may take 16 more. There is one memory: what was given before is
 * written over.
 *
 * @throws Error as `kernels`; RangeError where there is no more memory
 */
export function workspace(bytes: number): Workspace {
  const {memory} = load()
  const missing = bytes + aligned - memory.buffer.byteLength
  // Growing moves the memory: arrays are made after that.
  if (missing > 0) memory.grow(Math.ceil(missing / page))
  return new Workspace(memory.buffer)
}

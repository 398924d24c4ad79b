import type {Lines} from '../kinks/kink.js'
import {atOnce, type LinesOfPoint, type Workspace} from '../simd/index.js'
import {partsOf} from '../simd/passage.js'
import {type ImageShape, imageSize} from './window.js'

/**
 * The lines of a kink of one point, in the kernels' memory: of a large image no more than a band, that the windows of some
 * rows lie in.
 */
export class BandOfLines {
  /** Lines of the image that are held at a time. */
  readonly height: number
  /** How far the slopes of a candidate are from those of the one before. */
  readonly plane: number
  /** Room that it takes. */
  readonly bytes: number
  readonly #parts: readonly Float32Array[]
  readonly #planes: readonly number[]
  readonly #units: number
  readonly #line: number
  #held: readonly Float32Array[] = []

  /**
   * @param candidates numbers that each unit of the kink reads: slopes are `[points x candidates x units]`, gaps
   *   `[points x units]`
   * @param tallest window that has to fit in
   */
  constructor(lines: Lines, candidates: number, shape: ImageShape, tallest: number) {
    this.#parts = partsOf(lines)
    this.#planes = this.#parts.map((_, part) => (part < 2 ? candidates : 1))
    this.#units = imageSize(shape)
    this.#line = shape.width * shape.channels
    const fit = Math.floor(atOnce / (candidates * this.#line))
    this.height = Math.min(shape.height, Math.max(tallest, fit))
    this.plane = this.height * this.#line
    this.bytes = this.#planes.reduce((sum, planes) => sum + 4 * planes * this.plane + 16, 0)
  }

  takeRoom(room: Workspace): void {
    this.#held = this.#planes.map((planes) => room.float32(planes * this.plane))
  }

  /** Takes the lines of a point, from a line of its image on, and says where they are. */
  bring(point: number, first: number): LinesOfPoint {
    const places: LinesOfPoint = [0, 0, 0, 0]
    for (let part = 0; part < this.#parts.length; part++) {
      const [held, planes] = [this.#held[part]!, this.#planes[part]!]
      for (let plane = 0; plane < planes; plane++) {
        const begin = (point * planes + plane) * this.#units + first * this.#line
        const own = this.#parts[part]!.subarray(begin, begin + this.plane)
        held.set(own, plane * this.plane)
      }
      places[part] = held.byteOffset
    }
    return places
  }
}

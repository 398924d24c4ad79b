import {log2Sum} from '../bounds/log2-sum.js'
/** A cell of a ball; its bound, log2 of the regions in it, is the least of its own and what its parts add up to. */
export interface Node<T> {
  readonly cell: T
  readonly parent: Node<T> | undefined
  parts: readonly Node<T>[]
  log2: number
}

/** A part of a cell, and log2 of a bound on the regions in it. */
export interface Part<T> {
  readonly cell: T
  readonly log2: number
}

/**
 * A ball that is split into cells, and these into others: bounds of cells add up, and no cell's parts count for more than
 * it did whole, so that the bound of the ball never rises.
 */
export class CellTree<T> {
  readonly #root: Node<T>
  /** Cells that may be split further, from the smallest bound to the largest. */
  readonly #open: Node<T>[]
  /** Cells that are not split, taken ones too. */
  #cells = 1

  constructor(ball: Part<T>) {
    this.#root = {...ball, parent: undefined, parts: []}
    this.#open = [this.#root]
  }

  /** log2 of the bound on the whole ball. */
  get log2(): number {
    return this.#root.log2
  }

  get cells(): number {
    return this.#cells
  }

  /** The cell with the largest bound that has not been taken yet, of which it is then: it is to be split, or stays whole. */
  take(): Node<T> | undefined {
    return this.#open.pop()
  }

  /** The bound of the cell that would be taken next. */
  get next(): number | undefined {
    return this.#open.at(-1)?.log2
  }

  /** Puts parts in the place of a cell that was taken. Where rounding leaves none, the cell stays whole. */
  split(parent: Node<T>, parts: readonly Part<T>[]): void {
    if (parts.length === 0) return
    this.#cells += parts.length - 1
    parent.parts = parts.map(({cell, log2}) => {
      return {cell, parent, parts: [], log2: Math.min(parent.log2, log2)}
    })
    for (const part of parent.parts) this.#insert(part)
    for (let node: Node<T> | undefined = parent; node; node = node.parent) {
      const sum = log2Sum(node.parts.map(({log2}) => log2))
      if (!(sum < node.log2)) return
      node.log2 = sum
    }
  }

  /** By bisection; of equal ones the first comes first. */
  #insert(node: Node<T>): void {
    let [low, high] = [0, this.#open.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#open[middle]!.log2 < node.log2) low = middle + 1
      else high = middle
    }
    this.#open.splice(low, 0, node)
  }
}

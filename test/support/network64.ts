/**
 * A network in float64 and plain loops, to compare with. Every number that passes through it is a row of
 * coefficients, an affine function of the input around a point x:
 *
 *     x'  ->  row[0] + row[1] (x'_1 - x_1) + row[2] (x'_2 - x_2) + ...
 *
 * With the first coefficient alone this is the network's value; with all of them its Jacobian too.
 */
export type Row = Float64Array

/** A sum of multiples of units; what it adds to itself goes to the first coefficient. */
export interface Affine64 {
  readonly kind: 'affine'
  apply(units: readonly Row[]): Row[]
}

/** A function of one number with bends: f(z) = slopes[p] z + offsets[p] on piece p, thresholds[p - 1] < z. */
export interface Bends {
  readonly thresholds: readonly number[]
  readonly slopes: readonly number[]
  readonly offsets: readonly number[]
}

/** Such a function on every unit: a kinked layer. */
export interface Kink64 {
  readonly kind: 'kink'
  bends(unit: number): Bends
}

/** The largest of a group of units, for each unit that comes out. */
export interface Maximum64 {
  readonly kind: 'maximum'
  readonly groups: readonly (readonly number[])[]
}

export type Piece64 = Affine64 | Kink64 | Maximum64

/** Steps in topological order: value 0 is the input, step k makes value k + 1 of its inputs' units side by side. */
export type Network64 = readonly {readonly inputs: readonly number[]; readonly piece: Piece64}[]

/** Pieces one after the other. */
export function chain(pieces: readonly Piece64[]): Network64 {
  return pieces.map((piece, k) => ({inputs: [k], piece}))
}

/** max(z, 0) + slope min(z, 0) */
export function leaky64(slope: number | ((unit: number) => number)): Kink64 {
  const slopeOf = typeof slope === 'number' ? () => slope : slope
  return {
    kind: 'kink',
    bends: (unit) => ({thresholds: [0], slopes: [slopeOf(unit), 1], offsets: [0, 0]}),
  }
}

/** slope min(max(z, low), high) + offset */
export function clipped64(low: number, high: number, slope = 1, offset = 0): Kink64 {
  const bends = {
    thresholds: [low, high],
    slopes: [0, slope, 0],
    offsets: [slope * low + offset, offset, slope * high + offset],
  }
  return {kind: 'kink', bends: () => bends}
}

/** W x + b; `kernel` is `[in][out]` flattened, as tf.layers keeps it. */
export function dense64(kernel: ArrayLike<number>, bias: ArrayLike<number>): Affine64 {
  const outputs = bias.length
  return {
    kind: 'affine',
    apply: (units) =>
      Array.from(bias, (b, j) => {
        const sum = new Float64Array(units[0]!.length)
        sum[0] = b
        units.forEach((row, i) => {
          const weight = kernel[i * outputs + j]!
          if (weight === 0) return
          for (let c = 0; c < row.length; c++) sum[c]! += weight * row[c]!
        })
        return sum
      }),
  }
}

/** Number i times scale[i mod channels] plus shift[i mod channels]. */
export function scale64(scale: ArrayLike<number>, shift: ArrayLike<number>): Affine64 {
  return {
    kind: 'affine',
    apply: (units) =>
      units.map((row, i) => {
        const scaled = row.map((v) => v * scale[i % scale.length]!)
        scaled[0]! += shift[i % scale.length]!
        return scaled
      }),
  }
}

/** A kinked layer as it was passed: what it read, and which piece, or which unit of a group, won. */
export interface Passed {
  readonly piece: Kink64 | Maximum64
  readonly read: readonly Row[]
  readonly won: readonly number[]
}

/** The kinked layers at one point, and what comes out at the end. */
export function pass(network: Network64, input: readonly Row[]) {
  const values: Row[][] = [[...input]]
  const layers: Passed[] = []
  for (const {inputs, piece} of network) {
    const read = inputs.flatMap((value) => values[value]!)
    if (piece.kind === 'affine') {
      values.push(piece.apply(read))
      continue
    }
    const won = winners(piece, read)
    layers.push({piece, read, won})
    values.push(onward(piece, read, won))
  }
  return {layers, output: values.at(-1)!}
}

/** Which piece each unit lies on, or which unit of each group is the largest (the first of equal ones). */
export function winners(piece: Kink64 | Maximum64, read: readonly Row[]): number[] {
  if (piece.kind === 'kink') {
    return read.map((row, unit) => piece.bends(unit).thresholds.filter((t) => row[0]! > t).length)
  }
  return piece.groups.map((group) =>
    group.reduce((best, unit) => (read[unit]![0]! > read[best]![0]! ? unit : best)),
  )
}

/** What a kinked layer gives on, given its winners. */
export function onward(
  piece: Kink64 | Maximum64,
  read: readonly Row[],
  won: readonly number[],
): Row[] {
  if (piece.kind === 'maximum') return won.map((unit) => read[unit]!)
  return read.map((row, unit) => {
    const {slopes, offsets} = piece.bends(unit)
    const out = row.map((v) => slopes[won[unit]!]! * v)
    out[0]! += offsets[won[unit]!]!
    return out
  })
}

/** What must stay away from 0 for a unit to stay on its piece. */
export interface Form64 {
  readonly layer: number
  readonly unit: number
  readonly row: Row
}

/** Everything that could cut the ball around a point: z - t for each threshold, a winner less each rival. */
export function formsOf(layers: readonly Passed[]): Form64[] {
  return layers.flatMap(({piece, read, won}, layer) => {
    if (piece.kind === 'kink') {
      return read.flatMap((row, unit) =>
        piece.bends(unit).thresholds.map((t) => ({layer, unit, row: shifted(row, t)})),
      )
    }
    return piece.groups.flatMap((group, unit) =>
      group
        .filter((rival) => rival !== won[unit])
        .map((rival) => ({layer, unit, row: difference(read[won[unit]!]!, read[rival]!)})),
    )
  })
}

function shifted(row: Row, threshold: number): Row {
  const out = row.slice()
  out[0]! -= threshold
  return out
}

export function difference(a: Row, b: Row): Row {
  return a.map((v, c) => v - b[c]!)
}

/** Values only, at one point. */
export function evaluate(network: Network64, x: ArrayLike<number>) {
  return pass(
    network,
    Array.from(x, (v) => Float64Array.of(v)),
  )
}

/** Values and gradients with respect to the input, at one point. */
export function differentiate(network: Network64, x: ArrayLike<number>) {
  return pass(
    network,
    Array.from(x, (v, i) => {
      const row = new Float64Array(x.length + 1)
      row[0] = v
      row[i + 1] = 1
      return row
    }),
  )
}

/** Which region a point lies in, as a text: equal for two points of the same one. */
export function pattern(network: Network64, x: ArrayLike<number>): string {
  return evaluate(network, x)
    .layers.map(({won}) => won.join(','))
    .join(' ')
}

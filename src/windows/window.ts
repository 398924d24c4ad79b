import type {AxisGeometry} from '../affine/conv-geometry.js'

/**
 * The part of one axis of an image that rows of units are not 0 on. Row by row it begins at `start + step place`, `place`
 * that of the row's unit in its own layer: it may reach beyond the image. With step 0 it is the whole axis, for every row.
 */
export interface Span {
  readonly start: number
  readonly step: number
  readonly length: number
}

/** Along the height and along the width. */
export type Window = readonly [Span, Span]

/** An image, channels last. */
export interface ImageShape {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** Spans that cover more of the axis than this are taken for the whole of it. */
const nearlyAll = 0.75

/** The unit itself. */
export const ownPlace: Window = [
  {start: 0, step: 1, length: 1},
  {start: 0, step: 1, length: 1},
]

/** All of an image. */
export function wholeImage({height, width}: ImageShape): Window {
  return [whole(height), whole(width)]
}

function whole(length: number): Span {
  return {start: 0, step: 0, length}
}

/** The inputs that a convolution reads for a span of its outputs, and the geometry of the convolution between the two. */
export function readSpan(outputs: Span, axis: AxisGeometry): {span: Span; geometry: AxisGeometry} {
  if (outputs.step === 0) return {span: whole(axis.input), geometry: axis}
  const {stride, window, before} = axis
  const input = (outputs.length - 1) * stride + window
  return {
    span: {start: outputs.start * stride - before, step: outputs.step * stride, length: input},
    geometry: {input, output: outputs.length, window, stride, before: 0},
  }
}

/** The least window that covers both. */
export function union(a: Window, b: Window, shape: ImageShape): Window {
  return [spanOf(a[0], b[0], shape.height), spanOf(a[1], b[1], shape.width)]
}

function spanOf(a: Span, b: Span, size: number): Span {
  if (a.step !== b.step || a.step === 0) return whole(size)
  const start = Math.min(a.start, b.start)
  const end = Math.max(a.start + a.length, b.start + b.length)
  return {start, step: a.step, length: end - start}
}

/** The whole axis where a window covers most of it anyway. */
export function rounded([down, across]: Window, {height, width}: ImageShape): Window {
  const round = (span: Span, size: number) => (span.length > nearlyAll * size ? whole(size) : span)
  return [round(down, height), round(across, width)]
}

export function sameWindow(a: Window, b: Window): boolean {
  return a.every((span, k) => {
    const other = b[k]!
    return span.start === other.start && span.step === other.step && span.length === other.length
  })
}

export function sameShape(a: ImageShape | undefined, b: ImageShape | undefined): boolean {
  return a?.height === b?.height && a?.width === b?.width && a?.channels === b?.channels
}

/** Numbers of a row. */
export function sizeOf([down, across]: Window, {channels}: ImageShape): number {
  return down.length * across.length * channels
}

/** Numbers of a whole image. */
export function imageSize(shape: ImageShape): number {
  return sizeOf(wholeImage(shape), shape)
}

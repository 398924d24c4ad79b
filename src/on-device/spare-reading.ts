import type {BoundTools, LayerBounds} from '../bounds/bound-layers.js'
import type {Forward} from '../forward/forward.js'
import {single} from '../forward/rounding.js'
import {boundOnDevice, type DeviceRequest, leakyChain} from './bound-on-device.js'
import {atPoints, putBounds} from './left-open.js'
import {rowsALayer} from './worth-it.js'

/** Bounds by reading back between layers, at some of the points. */
export type ByReading = (
  forward: Forward,
  radius: Float64Array,
  larger: LayerBounds | undefined,
) => Promise<LayerBounds>

/**
 * The bounds without reading back between layers, where the backend's costs say that this is less; points that it leaves
 * open are bounded by reading.
 *
 * @param what is measured, as it is told to `tools.roundTrips`
 * @returns undefined, having done nothing, where reading is less, the network is no chain of leaky ReLUs, or products are
 *   coarser than float32's
 */
export async function spareReading(
  {program, roundTrips, memory, checkTime}: BoundTools,
  what: string,
  request: DeviceRequest,
  byReading: ByReading,
): Promise<LayerBounds | undefined> {
  const {forward, radius, larger} = request
  const chain = roundTrips && leakyChain(program)
  // Lines are made on the device with room for the rounding of float32 alone.
  if (!chain || forward.roundoff > single) return undefined
  const rows = rowsALayer(roundTrips.costs, program, chain, radius.length, memory)
  if (!rows) return undefined
  checkTime()
  const start = performance.now()
  const {bounds, leftOpen} = await boundOnDevice(chain, request, rows)
  roundTrips.spared(what, performance.now() - start)
  if (leftOpen.length > 0) {
    const rest = atPoints(program, forward, larger, leftOpen)
    const own = Float64Array.from(leftOpen, (point) => radius[point]!)
    putBounds(bounds, await byReading(rest.forward, own, rest.larger), leftOpen)
  }
  return bounds
}

/**
 * What float64 can tell apart, in the coordinates of the place that is looked at: a ball of radius 1, a square
 * from -1 to 1, a segment from 0 to 1. In doubt a region is left out: none is counted that does not exist.
 */

/** Hyperplanes this near to each other on a ball are one: units with proportional weights, for example. */
export const sameHyperplane = 1e-12

/** The same of kinks on a segment. */
export const sameKink = 1e-12

/** Error of a normalised row, besides what rounding in the network adds. */
export const rowError = 4e-15

/** A facet must hold a ball of this radius: what touches in a corner is no facet. */
export const narrowestFacet = 1e-11

/** A polygon must be wider than this: what rounding leaves along a line is no region. */
export const narrowestPolygon = 1e-13

/** The open ball of radius 1, less what rounding may add to a distance of exactly 1. */
export const openBall = 1 - 1e-12

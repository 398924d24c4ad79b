export {
  type CountedRegions,
  type CountingMethod,
  type CountRegionsOptions,
  countRegions,
} from './count-regions.js'
export {countRegionsAlong, type RegionsAlong} from './count-regions-along.js'
export type {PointLike} from './read-point.js'
export {
  type PlaneBounds,
  type RegionPolygon,
  type RegionPolygons,
  type RegionPolygonsOptions,
  regionPolygons,
} from './region-polygons.js'
export {restrictToPlane} from './restrict-to-plane.js'

export type {RegionCounts} from './bounds/count-regions.js'
export {type LayerCount, log2Regions} from './bounds/log2-regions.js'
export type {Boundaries} from './distance/distance.js'
export {type DistanceOptions, distanceToBoundary} from './distance-to-boundary.js'
export {NonFiniteError, UnsupportedLayerError} from './errors.js'
export {
  type CountedRegions,
  type CountingMethod,
  type CountRegionsOptions,
  countRegions,
  countRegionsAlong,
  type PlaneBounds,
  type PointLike,
  type RegionPolygon,
  type RegionPolygons,
  type RegionPolygonsOptions,
  type RegionsAlong,
  regionPolygons,
  restrictToPlane,
} from './exact/index.js'
export {
  type LocalComplexities,
  type LocalComplexityOptions,
  localComplexity,
} from './local-complexity.js'
export {
  type Bounds,
  type Distances,
  type Measured,
  type MeasureRequest,
  measureNetwork,
  type Radii,
} from './measure.js'
export {type NearestNeighbourOptions, nearestNeighbourRadii} from './nearest-neighbour-radii.js'
export type {KinkedLayer, Network, Shape} from './network.js'
export {observedPatterns, type PatternOptions} from './observed-patterns.js'
export {type Counting, countings, type Method, methods, type Norm, norms} from './options.js'
export type {NestedNumbers, PointsLike} from './points.js'
export {type PreactivationBounds, preactivationBounds} from './preactivation-bounds.js'
export type {RadiusLike} from './radius.js'
export {readNetwork} from './read-network.js'
export {
  type BoundOptions,
  type RefineOptions,
  type SphereBoundOptions,
  sphereBound,
} from './sphere-bound.js'
export {type WitnessOptions, witnessedUnits} from './witnessed-units.js'

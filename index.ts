export type {
  Every,
  Group,
  GroupName,
  LinearRegionMonitor,
  Measure,
  MeasureInput,
  MeasureMoment,
  MeasureName,
  Moment,
  MonitorOptions,
  RadiusOption,
  SampleRequest,
} from './callbacks/index.js'
export {linearRegionMonitor, logSpaced} from './callbacks/index.js'
export type {
  Boundaries,
  BoundOptions,
  DistanceOptions,
  KinkedLayer,
  Method,
  NestedNumbers,
  Network,
  Norm,
  PointsLike,
  PreactivationBounds,
  RadiusLike,
  RegionCounts,
} from './src/index.js'
export {
  distanceToBoundary,
  methods,
  NonFiniteError,
  norms,
  preactivationBounds,
  readNetwork,
  sphereBound,
  UnsupportedLayerError,
} from './src/index.js'
export type {Log, LogOptions} from './storage/index.js'
export {LogError, openLog} from './storage/index.js'

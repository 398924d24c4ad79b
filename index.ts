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
  LocalComplexities,
  LocalComplexityOptions,
  Method,
  NestedNumbers,
  Network,
  Norm,
  PatternOptions,
  PointsLike,
  PreactivationBounds,
  RadiusLike,
  RegionCounts,
  WitnessOptions,
} from './src/index.js'
export {
  distanceToBoundary,
  localComplexity,
  methods,
  NonFiniteError,
  norms,
  observedPatterns,
  preactivationBounds,
  readNetwork,
  sphereBound,
  UnsupportedLayerError,
  witnessedUnits,
} from './src/index.js'
export type {Log, LogOptions} from './storage/index.js'
export {LogError, openLog} from './storage/index.js'

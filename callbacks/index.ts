export type {Classifier} from './classifier.js'
export type {DatasetLike} from './dataset.js'
export type {DatasetSource} from './dataset-source.js'
export type {
  AdversarialOptions,
  Group,
  GroupName,
  GroupOption,
  Sample,
  SampleRequest,
  TriggerOptions,
} from './groups/index.js'
export type {LabelsLike} from './labels.js'
export type {Measure, MeasureInput, MeasureName, Values} from './measures/index.js'
export {type LinearRegionMonitor, linearRegionMonitor, type MeasureMoment} from './monitor.js'
export type {MonitorOptions} from './monitor-options.js'
export type {Points as HostPoints, PointsInput, TypedNumbers} from './points.js'
export type {RadiusOption} from './radii.js'
export type {RandomSource} from './random.js'
export type {Loss} from './read-logs.js'
export type {RunLog} from './run-log.js'
export {type Every, logSpaced, type Moment} from './schedule.js'

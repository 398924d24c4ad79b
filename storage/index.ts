export type {LogDialect} from './dialect.js'
export {LogError} from './errors.js'
export {type Log, openLog} from './log.js'
export type {LogOptions} from './open-database.js'
export type {
  BoundSummaryView,
  BoundsTable,
  Database,
  DistanceSummaryView,
  DistancesTable,
  LayerBoundsTable,
  LayersTable,
  MeasurementsTable,
  MeasuresTable,
  MetaTable,
  PointsTable,
  RunRow,
  RunStatus,
  RunsTable,
  SnapshotRow,
  SnapshotStatus,
  SnapshotsTable,
  SummariesTable,
  SummaryRow,
  TimelineView,
  TimingsTable,
} from './schema.js'
export type {
  LoggedBounds,
  LoggedDistances,
  LoggedLayer,
  LoggedMeasure,
  LoggedMeasurement,
  LoggedModel,
  LoggedPoint,
  ResumedRun,
  RunResume,
  RunStart,
  Snapshot,
} from './snapshot.js'
export {type Quantiles, quantiles} from './summaries.js'
export {runStatus} from './views.js'

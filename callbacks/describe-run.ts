import type {RunStart} from '../storage/snapshot.js'
import {describeBackend} from './describe-backend.js'
import {coreMeasures} from './measures/index.js'
import type {Settings} from './options.js'
import type {SnapshotPlan} from './take-snapshot.js'

/** What the log is told of a run as it begins. */
export async function describeRun(settings: Settings, plan: SnapshotPlan): Promise<RunStart> {
  const {layers, parameters, inputShape} = plan.network
  const {environment, ...backend} = await describeBackend(settings.environment)
  const core = [...plan.core].map((name) => ({name, unit: coreMeasures[name]}))
  return {
    name: settings.run,
    seed: settings.seed,
    config: settings.config,
    environment: {...environment, ...(await describeGroups(plan))},
    model: {
      layers: layers.map(({name, className, units, kinks}) => ({name, className, units, kinks})),
      widths: [plan.train.points.features, ...layers.map(({units}) => units)],
      parameters,
      inputShape,
    },
    measures: [...core, ...plan.own.map(({name, unit}) => ({name, unit}))],
    ...backend,
  }
}

/** Nothing where no group has settings. */
async function describeGroups({
  groups,
  train,
}: SnapshotPlan): Promise<{groups?: Record<string, object>}> {
  const described: [string, object][] = []
  for (const {name, settings} of groups)
    if (settings) described.push([name, await settings(train.points)])
  return described.length ? {groups: Object.fromEntries(described)} : {}
}

import type {Writable} from 'node:stream'
import Table from 'cli-table3'
import {durationText} from '../amounts.js'
import {loadBackend} from '../backends/load.js'
import type {Context} from '../command.js'
import {partition} from '../partition.js'
import {count} from '../select-runs.js'
import {checkPreset} from './check-preset.js'
import {openExisting} from './database.js'
import {estimateSeconds} from './estimate.js'
import {type Training, trainingsOf} from './grid.js'
import {
  checkBackend,
  planText,
  type ReproduceOptions,
  readImages,
  toTrainingData,
} from './reproduce.js'
import {scheduleOf} from './schedule.js'
import {shareOf} from './shard.js'
import {otherExperiment, type Standing, standingOf} from './standing.js'

/**
 * Prints what `reproduce` would train, and about how long that takes, which is measured: each network is
 * trained for a few batches and looked at once. Writes no file, so that it needs no log of its own: where
 * the log holds another experiment, that is said, and the plan is that of a new one.
 */
export async function dryRun(options: ReproduceOptions, context: Context): Promise<void> {
  const {preset, shard} = options
  const {stdout, stderr, signal} = context
  checkPreset(preset)
  const images = readImages(preset)
  const trainings = await standing(options, trainingsOf(preset, images.name), stderr)
  const share = shareOf(trainings, shard ?? {number: 1, count: 1})
  const todo = share.filter(({state}) => state === 'open')
  stdout.write(planText(share.length, todo.length, trainings.length, shard))
  stdout.write(planTable(share))
  if (todo.length === 0) return
  const backend = await loadBackend({name: options.backend})
  checkBackend(trainings, backend)
  const networks = partition(todo, ({name}) => name).map(([first]) => first!)
  stderr.write(`trying ${count(networks.length, 'network')} on ${backend.name} ...\n`)
  const data = toTrainingData(preset, images)
  let seconds = 0
  for (const network of networks) {
    signal.throwIfAborted()
    const runs = todo.filter(({name}) => name === network.name).length
    seconds += runs * (await estimateSeconds(network, data))
  }
  stdout.write(
    `about ${durationText(seconds)} on ${backend.name} (${backend.device}), were the machine as busy all the time as it is now: judged by a few batches and small snapshots of each network before its training; trained networks may take twice as long to measure, or half\n`,
  )
}

async function standing(
  options: ReproduceOptions,
  trainings: readonly Training[],
  stderr: Writable,
): Promise<readonly Standing[]> {
  const log = await openExisting(options)
  try {
    const other = await otherExperiment(log, trainings)
    if (other === null) return await standingOf(log, trainings)
    stderr.write(`without --dry-run this would be refused: ${other}\n`)
    return await standingOf(null, trainings)
  } finally {
    await log?.close()
  }
}

function planTable(share: readonly Standing[]): string {
  const table = new Table({
    head: ['runs', 'seeds', 'optimizer', 'labels', 'updates', 'snapshots', 'points', 'done'],
    style: {head: [], border: [], compact: true},
  })
  for (const together of partition(share, ({name}) => name)) {
    const {name, experiment} = together[0]!
    const {optimizer, learningRate, weightDecay, labels, epochs, points, groups} = experiment
    const {steps, stepsPerEpoch} = scheduleOf(experiment)
    const decay = weightDecay > 0 ? `, decay ${weightDecay}` : ''
    const done = together.filter(({state}) => state !== 'open')
    table.push([
      name,
      together.map(({seed}) => seed).join(' '),
      `${optimizer} ${learningRate}${decay}`,
      labels,
      epochs * stepsPerEpoch,
      steps.length,
      points * groups.length,
      done.map(({seed, state}) => (state === 'finished' ? seed : `${seed} (${state})`)).join(' '),
    ])
  }
  return `${table.toString()}\n`
}

import {backendNames} from '../backends/names.js'
import {defineCommand, UsageError} from '../command.js'
import {controlNames} from '../experiments/controls.js'
import {type Preset, presets} from '../experiments/presets.js'
import {parseShard, shardOf} from '../experiments/shard.js'
import {choice, flag, list, positive, text, value, whole, withDefault} from '../option.js'
import {serverOptions} from '../server-options.js'

const presetNames = Object.keys(presets) as (keyof typeof presets)[]

/** Trains the networks of a study with the monitor, then draws what came of it. */
export const reproduce = defineCommand({
  name: 'reproduce',
  summary: 'train networks on images, measure them as they train, draw the findings',
  options: {
    preset: withDefault(choice('the study', presetNames), 'quick'),
    dryRun: flag('print what would be trained, and about how long it takes, and stop'),
    shard: value(
      'the part of the study to train here, such as 3/100; default: all, or what a Slurm array says',
      'NUMBER/COUNT, such as 3/100, or COUNT where Slurm or Kubernetes sets the number',
      parseShard,
    ),
    out: withDefault(text('folder of the results'), 'results'),
    database: text('the log; default: reproduce.db in the folder'),
    ...serverOptions,
    force: flag('train all anew: replace the log that is in the folder'),
    backend: choice('the backend; default: the first that works', backendNames),
    format: list(choice('forms of the figures; default: svg png', ['svg', 'png', 'pdf'])),
    data: text('folder of IDX files, such as those of MNIST, or "embedded"'),
    trainSize: whole('training images'),
    testSize: whole('test images'),
    depth: list(whole('hidden layers of the MLPs')),
    width: list(whole('units of each')),
    optimizer: choice('of all but the control sgd', ['adam', 'sgd']),
    learningRate: positive('learning rate of it'),
    controls: list(
      choice('what is changed on the middle MLP, one at a time', [...controlNames, 'none']),
    ),
    sgdLearningRate: positive('learning rate of the control sgd'),
    weightDecay: positive('weight decay of the control weight-decay'),
    epochs: whole('epochs'),
    batchSize: whole('images of a batch'),
    seeds: list(whole('seeds, one run each', {least: 0})),
    points: whole('points of each group'),
    groups: list(text('groups of points')),
    radii: list(text('radii of the spheres')),
    cnnRadii: list(text('radii of those around CNNs')),
    methods: list(text('how to bound regions')),
    countings: list(text('how to count them')),
    measures: list(text('what to measure')),
    chosenMeasures: list(text('what to measure at the chosen snapshots besides')),
    chosenSnapshots: whole('how many of the snapshots these are', {least: 0}),
    earlySnapshots: whole('log-spaced snapshots of the first 2 epochs', {least: 0}),
    everyEpochs: whole('epochs between snapshots'),
  },
  examples: [
    ['reproduce', 'minutes on two cores'],
    ['reproduce --depth 3 --width 128 --seeds 1 --controls none', 'one network'],
    ['reproduce --preset standard --dry-run', 'what the larger study would train'],
    ['reproduce --preset standard --shard 1/4', 'a quarter of it'],
    ['reproduce --data mnist --train-size 60000 --out results/mnist', 'all of MNIST'],
  ],
  async run(options, context) {
    const {preset: name, dryRun, shard, format, ...rest} = options
    const {out, database, spool, patience, force, backend, controls, ...given} = rest
    const fields = Object.entries(given).filter(([, value]) => value !== undefined)
    const preset: Preset = {
      ...presets[name],
      ...Object.fromEntries(fields),
      ...(controls && {controls: controls.filter((control) => control !== 'none')}),
    }
    const part = shardOf(shard, process.env)
    if (part && force) {
      throw new UsageError(
        'force: would take away what other shards have done; delete the log yourself',
      )
    }
    const formats = format ?? ['svg', 'png']
    const work = dryRun
      ? (await import('../experiments/dry-run.js')).dryRun
      : (await import('../experiments/reproduce.js')).reproduce
    const place = {out, database, spool, patience, force}
    await work({preset, shard: part, ...place, backend, formats}, context)
  },
})

import {backendNames} from '../backends/names.js'
import {defineCommand} from '../command.js'
import {type Experiment, presets} from '../experiments/presets.js'
import {choice, flag, list, positive, text, whole, withDefault} from '../option.js'

const preset = presets.quick

/** Trains the experiment networks with the monitor, then draws what came of it. */
export const reproduce = defineCommand({
  name: 'reproduce',
  summary: 'train networks on images, measure them as they train, draw the findings',
  options: {
    preset: withDefault(choice('the experiment', ['quick']), 'quick'),
    data: text(
      'folder with the IDX files of MNIST or Fashion-MNIST; default: the embedded 2,000 images of Fashion-MNIST',
    ),
    out: withDefault(text('folder of the results'), 'results'),
    database: text('log to add the runs to, instead of a new reproduce.db in the folder'),
    force: flag('replace the log that is in the folder'),
    backend: choice('the backend; default: the first that works', backendNames),
    format: list(choice('forms of the figures; default: svg png', ['svg', 'png', 'pdf'])),
    epochs: whole(`epochs; default: ${preset.epochs}`),
    seeds: list(whole(`seeds, one run each; default: ${preset.seeds.join(' ')}`, {least: 0})),
    trainSize: whole(`training images; default: ${preset.trainSize}`),
    testSize: whole(`test images; default: ${preset.testSize}`),
    depth: whole(`hidden layers; default: ${preset.depth}`),
    width: whole(`units of each; default: ${preset.width}`),
    batchSize: whole(`images of a batch; default: ${preset.batchSize}`),
    learningRate: positive(`learning rate of Adam; default: ${preset.learningRate}`),
    points: whole(`points of each group; default: ${preset.points}`),
    groups: list(text(`groups of points; default: ${preset.groups.join(' ')}`)),
    radii: list(text(`radii of the spheres; default: ${preset.radii.join(' ')}`)),
    methods: list(text(`how to bound regions; default: ${preset.methods.join(' ')}`)),
    countings: list(text(`how to count them; default: ${preset.countings.join(' ')}`)),
    earlySnapshots: whole(
      `log-spaced snapshots of the first 2 epochs; default: ${preset.earlySnapshots}`,
      {least: 0},
    ),
    everyEpochs: whole(`epochs between snapshots; default: ${preset.everyEpochs}`),
  },
  examples: [
    ['reproduce', 'minutes on two cores'],
    ['reproduce --seeds 1 --epochs 2 --points 32 --out results/short', 'a short look'],
    ['reproduce --groups train uniform adversarial trigger', 'attacked points too'],
    ['reproduce --data mnist --train-size 60000 --out results/mnist', 'all of MNIST'],
  ],
  async run(options, context) {
    const {preset: name, data, out, database, force, backend, format, ...given} = options
    const fields = Object.entries(given).filter(([, value]) => value !== undefined)
    const experiment: Experiment = {...presets[name], ...Object.fromEntries(fields)}
    const {reproduce: work} = await import('../experiments/reproduce.js')
    const formats = format ?? ['svg', 'png']
    await work({experiment, data, out, database, force, backend, formats}, context)
  },
})

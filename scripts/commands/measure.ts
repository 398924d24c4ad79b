import {backendNames} from '../backends/names.js'
import {defineCommand} from '../command.js'
import {choice, list, required, text, whole, withDefault} from '../option.js'
import {serverOptions} from '../server-options.js'

/** Measures saved models as the monitor measures a training. */
export const measure = defineCommand({
  name: 'measure',
  summary: 'measure saved models (tf.LayersModel: model.json and weights)',
  options: {
    model: required(list(text('models: model.json or its folder; one run each'))),
    data: text(
      'folder with the IDX files of MNIST or Fashion-MNIST, pixels scaled to [0, 1]; default: the embedded subset',
    ),
    database: withDefault(text('the log; runs are added to it'), 'linear-regions.db'),
    ...serverOptions,
    run: text("name of the run; default: the model's path"),
    steps: list(
      whole('updates after which each was saved: the models are checkpoints of one run', {
        least: 0,
      }),
    ),
    epochs: list(whole('epochs after which each was saved; default: 0 1 2 ...', {least: 0})),
    backend: choice('the backend; default: the first that works', backendNames),
    points: whole('points of each group; default: 128'),
    groups: list(text('groups of points; default: train uniform')),
    radii: list(text('radii, such as 0.1, median-pair*0.01 or nearest*0.5')),
    methods: list(text('how to bound regions; default: spectral combined')),
    countings: list(text('how to count them: flats, product; default: flats')),
    norms: list(text('norms of the distance; default: l2')),
    seed: whole('seed of the points; default: 1', {least: 0}),
  },
  examples: [
    ['measure --model a/model.json b --database runs.db', 'two models, a run each'],
    ['measure --model ckpt-0 ckpt-9 --steps 0,900 --run mlp', 'a training, afterwards'],
  ],
  async run(options, context) {
    const {model, data, database, spool, patience, run, steps, epochs, backend, ...monitor} =
      options
    const {measureModels} = await import('../measure-models.js')
    await measureModels(
      {
        model,
        data,
        database,
        spool,
        patience,
        run,
        steps,
        epochs,
        backend,
        // Words of the command line; the monitor refuses those it does not know.
        monitor: monitor as never,
      },
      context,
    )
  },
})

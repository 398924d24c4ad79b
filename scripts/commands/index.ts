import type {Command} from '../command.js'
import {backends} from './backends.js'
import {bench} from './bench.js'
import {completion} from './completion.js'
import {exportRows} from './export.js'
import {findings} from './findings.js'
import {measure} from './measure.js'
import {merge} from './merge.js'
import {plot} from './plot.js'
import {query} from './query.js'
import {report} from './report.js'
import {reproduce} from './reproduce.js'
import {runs} from './runs.js'
import {sync} from './sync.js'
import {watch} from './watch.js'

/** Every command, in the order of `--help`. A new one is one file here and one line below. */
export const commands: readonly Command[] = [
  reproduce,
  measure,
  plot,
  report,
  findings,
  runs,
  query,
  exportRows,
  watch,
  merge,
  sync,
  bench,
  backends,
  completion,
]

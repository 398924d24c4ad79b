import type {MonitorOptions} from '../../callbacks/monitor-options.js'
import {readOptions} from '../../callbacks/options.js'
import {UsageError} from '../command.js'
import type {Preset} from './presets.js'

/**
 * Checks what would train a network twice, and the words of a study that go to the monitor: one that
 * only later runs use would end a study of hours half way.
 *
 * @throws `UsageError` naming the option, what was expected and what was given
 */
export function checkPreset(preset: Preset): void {
  for (const option of ['depth', 'width', 'controls', 'seeds'] as const) {
    checkDistinct(option, preset[option])
  }
  const {groups, radii, cnnRadii, methods, countings, measures, chosenMeasures} = preset
  const usual = {groups, radii, methods, countings, measures}
  checkWords(usual)
  checkWords({...usual, radii: cnnRadii}, {radii: 'cnn-radii'})
  const all = [...measures, ...chosenMeasures]
  checkWords({...usual, measures: all}, {measures: 'chosen-measures'})
}

type Words = Pick<Preset, 'groups' | 'radii' | 'methods' | 'countings' | 'measures'>

/** @param names of options that the monitor calls otherwise than the command line */
function checkWords(words: Words, names: Readonly<Record<string, string>> = {}): void {
  try {
    // The points are not looked at before a training begins.
    readOptions({...(words as Partial<MonitorOptions>), data: [[0]], testData: [[0]]})
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const message = error.message.replace(/^\w+(?=:)/, (option) => names[option] ?? option)
    throw new UsageError(message, {cause: error})
  }
}

function checkDistinct(option: string, values: readonly (string | number)[]): void {
  const again = new Set(values.filter((value, place) => values.indexOf(value) !== place))
  if (again.size === 0) return
  throw new UsageError(`${option}: expected each once, got ${[...again].join(', ')} more than once`)
}

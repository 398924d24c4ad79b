import type {Command} from '../command.js'

/** Every command, in the order of `--help`. A new one is one file here and one line below. */
export const commands: readonly Command[] = []

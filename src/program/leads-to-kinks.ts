import type {Program} from './program.js'

/** Per value of a program: whether some kink depends on it. What no kink depends on cuts nothing. */
export function leadsToKinks({instructions, readers}: Program): boolean[] {
  const leads = readers.map(() => false)
  for (let value = instructions.length; value > 0; value--) {
    const item = instructions[value - 1]!
    if (item.kind === 'kink') leads[item.input] = true
    else if (leads[value]) for (const input of item.inputs) leads[input] = true
  }
  return leads
}

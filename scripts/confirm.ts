import {once} from 'node:events'
import {createInterface} from 'node:readline/promises'
import {type Context, UsageError} from './command.js'

/**
 * Asks whether to go on; true for y or yes.
 *
 * @throws UsageError where nobody can be asked, because standard input is no terminal
 */
export async function confirm(
  question: string,
  {stdin, stderr, signal}: Pick<Context, 'stdin' | 'stderr' | 'signal'>,
): Promise<boolean> {
  if (!(stdin as Partial<NodeJS.ReadStream>).isTTY) {
    throw new UsageError('yes: expected --yes where nobody can be asked, got nothing')
  }
  // a terminal in raw mode would keep Ctrl-C to itself
  const dialogue = createInterface({input: stdin, output: stderr, terminal: false})
  const ended = once(dialogue, 'close').then(() => 'no')
  try {
    const asked = dialogue.question(`${question} [y/N] `, {signal})
    return /^y(es)?$/i.test((await Promise.race([asked, ended])).trim())
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    dialogue.close()
  }
}

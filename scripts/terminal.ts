import type {Writable} from 'node:stream'
import stringWidth from 'string-width'

/** Columns of the terminal that a stream writes to; undefined where it is none: a file, a pipe. */
export function terminalWidth(stream: Writable): number | undefined {
  const {isTTY, columns} = stream as Partial<NodeJS.WriteStream>
  return isTTY ? columns || 80 : undefined
}

/**
 * A text from a log as one line that does nothing to the terminal: control characters are shown as
 * their pictures, and those that turn the direction of the text are left out.
 *
 * @example
 * oneLine('a\nb') // 'a␊b'
 */
export function oneLine(text: string): string {
  return text
    .replaceAll(/\p{Cc}/gu, picture)
    .replaceAll(/[\u2028\u2029]/g, '␤')
    .replaceAll(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
}

/** A line that is cut, with an ellipsis, where it is wider than so many columns. */
export function cutLine(line: string, columns: number): string {
  if (stringWidth(line) <= columns) return line
  const signs = [...line]
  while (signs.length > 0 && stringWidth(signs.join('')) >= columns) signs.pop()
  return `${signs.join('')}…`
}

function picture(control: string): string {
  const code = control.charCodeAt(0)
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '␡' : '\ufffd'
}

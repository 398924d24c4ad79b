import {sizes, theme} from './theme.js'

/**
 * What every figure begins with: its title, its caption in lines that fit, and the theme.
 *
 * @param title in sentence case, without a full stop
 * @param caption sentences; empty ones are passed over
 */
export function page(title: string, caption: readonly string[]) {
  const text = caption.filter((sentence) => sentence !== '').join(' ')
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: `${title}. ${text}`,
    title: {text: title, subtitle: wrap(text, sizes.line)},
    config: theme,
  } as const
}

/**
 * Breaks a text into lines at its spaces.
 *
 * @example
 * wrap('one two three', 8) // ['one two', 'three']
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return lines
}

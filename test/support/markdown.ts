import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'

/** A fenced block of code in a page of the manual. */
export interface Block {
  readonly file: string
  /** Line of the opening fence, from 1. */
  readonly line: number
  /** What follows the fence: `ts`, `sql`, `sh`, `text`. */
  readonly language: string
  readonly text: string
}

/** The pages that people read, from the project's root. */
export function pages(): string[] {
  const docs = readdirSync('docs').filter((name) => name.endsWith('.md'))
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...docs.map((name) => join('docs', name))]
}

/** The fenced blocks of a page, with the indentation of a list taken off. */
export function blocksOf(file: string): Block[] {
  const text = readFileSync(file, 'utf8')
  const fences = text.matchAll(/^([ \t]*)```(\S*)\n([\s\S]*?)^\1```$/gm)
  return [...fences].map(({index, 1: indent = '', 2: language = '', 3: body = ''}) => ({
    file,
    line: text.slice(0, index).split('\n').length,
    language,
    text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }))
}

/** The blocks of one language on all pages. */
export function blocksIn(language: string): Block[] {
  return pages()
    .flatMap(blocksOf)
    .filter((block) => block.language === language)
}

/** A table's cells, row by row, without its heading: the first table that follows a line of text. */
export function tableAfter(file: string, line: string | RegExp): string[][] {
  const text = readFileSync(file, 'utf8')
  const start = typeof line === 'string' ? text.indexOf(line) : text.search(line)
  if (start < 0) throw new Error(`${file}: expected ${line}, which is not there`)
  const [table] = /^\|.*\|\n(?:\|.*\|(?:\n|$))+/m.exec(text.slice(start)) ?? []
  if (!table) throw new Error(`${file}: expected a table after ${line}`)
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('\\|', '|')),
    )
}

/** The words in backticks. */
export function codeWords(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1]!)
}

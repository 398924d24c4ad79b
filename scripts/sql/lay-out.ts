import {tokensOf} from './tokens.js'

/** Words that begin a line, outside of parentheses. */
const clauses = /^(from|inner|left|where|group|order|limit|union|and)$/

/** Names that mean something else without their quotes. */
const keywords =
  /^(group|order|index|limit|select|from|where|by|as|on|in|is|key|values?|table|case|end)$/

/**
 * Lays out SQL as Kysely writes it, all in one line and every name in quotes, for people to read.
 *
 * @example
 * layOut('select "name" from "runs" where "seed" = 1') // 'select name\nfrom runs\nwhere seed = 1'
 */
export function layOut(sql: string): string {
  let depth = 0
  let text = ''
  for (const {kind, text: part} of tokensOf(sql)) {
    if (kind === 'sign') depth += part === '(' ? 1 : part === ')' ? -1 : 0
    const begins = kind === 'word' && depth === 0 && clauses.test(part)
    // `group` and `order` may be names too, but then they stand in quotes.
    if (begins) text = `${text.trimEnd()}\n${part === 'and' ? '  ' : ''}`
    text += kind === 'name' ? unquoted(part) : part
  }
  return text.trim()
}

function unquoted(name: string): string {
  const bare = name.slice(1, -1)
  return /^[a-z_][a-z0-9_]*$/.test(bare) && !keywords.test(bare) ? bare : name
}

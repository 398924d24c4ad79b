import {UsageError} from '../command.js'
import {type Token, tokensOf} from './tokens.js'

/** One statement that only reads. */
export interface Statement {
  readonly verb: (typeof verbs)[number]
  /** The statement alone: no semicolon and no comment after it. */
  readonly text: string
}

const verbs = ['select', 'with', 'values', 'explain', 'pragma'] as const

/** Pragmas that read, and take a name or a number in parentheses. */
const pragmasOf = [
  'foreign_key_check',
  'foreign_key_list',
  'index_info',
  'index_list',
  'index_xinfo',
  'integrity_check',
  'quick_check',
  'table_info',
  'table_list',
  'table_xinfo',
]

/** Pragmas that read as long as nothing is given to them. */
const plainPragmas = [
  'application_id',
  'collation_list',
  'compile_options',
  'data_version',
  'database_list',
  'encoding',
  'freelist_count',
  'function_list',
  'journal_mode',
  'page_count',
  'page_size',
  'schema_version',
  'user_version',
]

/**
 * That a text is one SQL statement that reads. A connection that cannot write is not enough:
 * `vacuum into` writes another file through it, `attach` makes one, and of several statements all
 * but the first are passed over without a word.
 *
 * @throws UsageError naming what was found instead
 *
 * @example
 * readStatement('select 1; -- one').text // 'select 1'
 */
export function readStatement(sql: string): Statement {
  if (sql.includes('\0')) throw new UsageError('sql: expected a text, got a NUL character in it')
  const tokens = tokensOf(sql)
  const isCode = ({kind}: Token) => kind !== 'blank' && kind !== 'comment'
  const isEnd = ({kind, text}: Token) => kind === 'sign' && text === ';'
  const start = tokens.findIndex((token) => isCode(token) && !isEnd(token))
  if (start === -1) throw new UsageError('sql: expected a statement, got nothing')
  const length = tokens.slice(start).findIndex(isEnd)
  const end = length === -1 ? tokens.length : start + length
  const next = tokens.slice(end).find((token) => isCode(token) && !isEnd(token))
  if (next) {
    throw new UsageError(
      `sql: expected one statement, got another after it that begins "${next.text}"`,
    )
  }
  const code = tokens.slice(start, end).filter(isCode)
  const verb = verbs.find((known) => known === code[0]!.text.toLowerCase())
  if (!verb || code[0]!.kind !== 'word') {
    throw new UsageError(
      `sql: expected a statement that reads (${verbs.join(', ')}), got "${code[0]!.text}"`,
    )
  }
  const open = code.find(({kind}) => kind === 'placeholder')
  if (open) throw new UsageError(`sql: expected a value, got the placeholder "${open.text}"`)
  if (verb === 'pragma') checkPragma(code.slice(1))
  const last = tokens.slice(0, end).findLastIndex(isCode)
  const text = tokens.slice(start, last + 1).map((token) => token.text)
  return {verb, text: text.join('')}
}

/** Takes what stands after the word `pragma`. */
function checkPragma(code: readonly Token[]): void {
  const [name, ...rest] = code[1]?.text === '.' ? code.slice(2) : code
  const word = name?.text.toLowerCase() ?? 'nothing'
  const all = [...pragmasOf, ...plainPragmas]
  if (!all.includes(word)) {
    throw new UsageError(`sql: expected a pragma that reads (${all.join(', ')}), got "${word}"`)
  }
  const argument = rest.map(({text}) => text).join('')
  if (argument === '' || (pragmasOf.includes(word) && argument.startsWith('('))) return
  const expected = pragmasOf.includes(word) ? `${word}(...)` : word
  throw new UsageError(`sql: expected "pragma ${expected}", got "${word}${argument}"`)
}

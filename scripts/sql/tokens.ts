/** A part of an SQL text. */
export interface Token {
  /**
   * `word`: a keyword or a bare name; `name`: a quoted one; `text`: a literal in single quotes;
   * `cast`: PostgreSQL's `::`; `placeholder`: a value that is to be bound; `sign`: any other character.
   */
  readonly kind:
    | 'blank'
    | 'comment'
    | 'word'
    | 'name'
    | 'text'
    | 'number'
    | 'cast'
    | 'placeholder'
    | 'sign'
  readonly text: string
}

/** As SQLite reads them, and PostgreSQL's `::`; bytes above ASCII belong to names. */
const patterns = {
  blank: /[ \t\n\f\r]+/,
  comment: /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/,
  text: /'(?:[^']|'')*'/,
  name: /"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]/,
  cast: /::/,
  placeholder: /\?\d*|[:@$#][\w$\u0080-\u{10ffff}]+/u,
  word: /[a-z_\u0080-\u{10ffff}][\w$\u0080-\u{10ffff}]*/u,
  number: /\.?\d[\w.]*/,
  sign: /[\s\S]/,
} satisfies Record<Token['kind'], RegExp>

const anyToken = new RegExp(
  Object.entries(patterns)
    .map(([kind, {source}]) => `(?<${kind}>${source})`)
    .join('|'),
  'giu',
)

/**
 * Splits an SQL text into its parts; put together they are the text again. Knows no grammar.
 *
 * @example
 * tokensOf("select 'a;b'").map(({kind}) => kind) // ['word', 'blank', 'text']
 */
export function tokensOf(sql: string): Token[] {
  return [...sql.matchAll(anyToken)].map(({0: text, groups = {}}) => {
    const [kind] = Object.entries(groups).find(([, part]) => part !== undefined)!
    return {kind: kind as Token['kind'], text}
  })
}

import {sql} from 'kysely'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {openLog} from '../../storage/index.js'
import {codeWords, tableAfter} from '../support/markdown.js'

const page = 'docs/log.md'
const test = suite('docs/log.md')

const log = await openLog(':memory:')

interface Column {
  readonly name: string
  readonly type: string
  readonly notnull: number
  /** Place in the primary key, 0 if none. */
  readonly pk: number
}

const columnsOf = async (table: string) =>
  (await sql.raw<Column>(`pragma table_info("${table}")`).execute(log.db)).rows

const {rows: relations} = await sql<{name: string; type: string}>`
  select name, type from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%'`.execute(
  log.db,
)
const names = (type: string) =>
  relations.filter((relation) => relation.type === type).map(({name}) => name)

/** What the page may call a column of each declared type. */
const words: Readonly<Record<string, readonly string[]>> = {
  TEXT: ['text', 'json', 'time'],
  INTEGER: ['integer'],
  BIGINT: ['integer'],
  'DOUBLE PRECISION': ['real'],
  BLOB: ['blob'],
}

test('lists every table and no other', () => {
  const listed = tableAfter(page, '| table |').map(([cell = '']) => codeWords(cell)[0]!)
  assert.equal(listed.toSorted(), names('table').toSorted())
})

for (const table of names('table')) {
  test(`has the columns of ${table}, with their types`, async () => {
    const listed = tableAfter(page, `### ${table}\n`)
    const columns = await columnsOf(table)
    assert.equal(
      listed.map(([cell = '']) => codeWords(cell)[0]),
      columns.map(({name}) => name),
    )
    listed.forEach(([, type = ''], index) => {
      const {name, type: declared, notnull, pk} = columns[index]!
      const [word = '', nullable] = type.split(', ')
      const known = words[declared.toUpperCase()] ?? []
      assert.ok(known.includes(word), `${name}: ${declared} is called ${word}`)
      assert.is(nullable === 'null', notnull === 0 && pk === 0, `${name}: null or not`)
    })
  })
}

for (const view of names('view')) {
  test(`has the columns of the view ${view}`, async () => {
    const listed = tableAfter(page, `### ${view}\n`).flatMap(([cell = '']) => codeWords(cell))
    const columns = (await columnsOf(view)).map(({name}) => name)
    assert.equal(listed.toSorted(), columns.toSorted())
  })
}

test.after(() => log.close())

test.run()

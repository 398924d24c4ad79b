import fc from 'fast-check'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {readStatement} from '../../../scripts/sql/statement.js'
import {tokensOf} from '../../../scripts/sql/tokens.js'

const test = suite('one statement that reads')

const refused = (sql: string, message: RegExp | string) => {
  try {
    readStatement(sql)
  } catch (error) {
    assert.is((error as Error).name, 'UsageError')
    assert.match((error as Error).message, message)
    return
  }
  assert.unreachable(`${JSON.stringify(sql)} was taken`)
}

test('is taken without what stands around it', () => {
  assert.equal(readStatement(' ;select 1 ; -- done\n'), {verb: 'select', text: 'select 1'})
  assert.equal(readStatement('/* why */ SELECT 1 /* one */ + 1 -- two'), {
    verb: 'select',
    text: 'SELECT 1 /* one */ + 1',
  })
  for (const text of [
    'select \';\' as "a;b", [c;d], `e;f` from t -- ; drop',
    "select 'it''s; delete'",
    'with a as (select 1) select * from a',
    'values (1), (2)',
    'explain query plan select * from runs',
    'explain delete from runs',
    'pragma table_info(runs)',
    'pragma main.table_info("runs")',
    'pragma journal_mode',
    'select 1 -> 2, :: 3',
    'select "unended',
  ]) {
    assert.is(readStatement(text).text, text.replace(' -- ; drop', ''))
  }
})

test('and everything else is refused by what it is', () => {
  const verbs = 'expected a statement that reads (select, with, values, explain, pragma), got'
  for (const verb of 'insert update delete replace create drop alter vacuum attach detach begin commit rollback savepoint release reindex analyze'.split(
    ' ',
  )) {
    refused(`${verb} something`, `${verbs} "${verb}"`)
    refused(` -- so\n ${verb.toUpperCase()} something`, `${verbs} "${verb.toUpperCase()}"`)
  }
  refused("vacuum into 'copy.db'", `${verbs} "vacuum"`)
  refused('"select" 1', `${verbs} ""select""`)
  refused('(select 1)', `${verbs} "("`)
  refused('', 'sql: expected a statement, got nothing')
  refused(' ;; -- nothing\n /* at all', 'sql: expected a statement, got nothing')
  refused('select 1\0; drop table runs', 'got a NUL')
})

test('and several are refused, for only the first would be run', () => {
  const another = 'expected one statement, got another after it that begins'
  refused('select 1; drop table runs', `${another} "drop"`)
  refused("select ';'; select 2", `${another} "select"`)
  refused('select 1;;/**/;delete from runs', `${another} "delete"`)
})

test('and placeholders, which would be null', () => {
  for (const name of ['?', '?1', ':run', '@run', '$run']) {
    refused(`select * from runs where name = ${name}`, `got the placeholder "${name}"`)
  }
  readStatement("select ':run', '?', \"@a\" -- ?\n from t$x")
})

test('and pragmas that do more than read', () => {
  refused('pragma user_version = 7', 'expected "pragma user_version", got "user_version=7"')
  refused('pragma user_version(7)', 'expected "pragma user_version", got "user_version(7)"')
  refused('pragma journal_mode=delete', 'expected "pragma journal_mode"')
  refused('pragma table_info = runs', 'expected "pragma table_info(...)"')
  refused('pragma main.user_version = 7', 'got "user_version=7"')
  refused('pragma wal_checkpoint(truncate)', 'got "wal_checkpoint"')
  refused('pragma optimize', 'got "optimize"')
  refused('pragma writable_schema = on', 'got "writable_schema"')
  refused('pragma', 'got "nothing"')
})

test('whatever the text, its parts are the text', () => {
  fc.assert(
    fc.property(fc.string({unit: 'binary', maxLength: 60}), (sql) => {
      const text = tokensOf(sql)
        .map((token) => token.text)
        .join('')
      assert.is(text, sql)
    }),
  )
})

test.run()

import stringWidth from 'string-width'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {table} from '../../scripts/table.js'

const test = suite('table')

const lines = (text: string) => text.trimEnd().split('\n')
const widest = (text: string) => Math.max(...lines(text).map((line) => stringWidth(line)))

const rows = [
  ['mlp-128x3', 'a configuration that is rather long', 0.02134, 'finished'],
  ['convolution', 'short', 17, 'failed'],
]
const head = ['name', 'config', 'loss', 'status']

test('is as wide as it comes where there is no terminal', () => {
  const text = table(head, rows)
  assert.match(text, '│ mlp-128x3   │ a configuration that is rather long │ 0.02134 │ finished │')
  assert.match(text, '│ convolution │ short                               │      17 │ failed   │')
  assert.is(lines(text).length, 6)
})

test('fits the terminal: texts are cut, numbers are not, and it says so', () => {
  const text = table(head, rows, 60)
  assert.ok(widest(text) <= 60)
  assert.match(text, /│ a conf\w*….*r long │/)
  assert.match(text, '0.02134')
  assert.match(text, '(60 columns are not enough: cells with … are cut)')
})

test('leaves columns out where cutting is not enough, and names them', () => {
  const text = table(head, rows, 30)
  assert.ok(
    lines(text)
      .slice(0, -1)
      .every((line) => stringWidth(line) <= 30),
  )
  assert.match(text, 'left out: loss, status')
})

test('keeps one column whatever the width', () => {
  assert.match(table(head, rows, 5), 'mlp-…8x3')
})

test('is not cut where it just fits', () => {
  const width = widest(table(head, rows))
  assert.is(table(head, rows, width), table(head, rows))
  assert.is.not(table(head, rows, width - 1), table(head, rows))
})

test('empty cells, infinity, no rows', () => {
  const text = table(
    ['a', 'b'],
    [
      [null, Infinity],
      ['x', undefined],
    ],
  )
  assert.match(text, '│   │ Infinity │')
  assert.match(text, '│ x │          │')
  assert.match(table(['a'], []), 'a')
})

test('characters that would move the cursor or turn the text are shown or left out', () => {
  const text = table(['name'], [['one\ntwo\t\u001b[2J\u009b\u202e\r\u2028']])
  assert.is(lines(text).length, 5)
  assert.match(text, 'one␊two␉␛[2J\ufffd␍␤')
  assert.not.match(text, /\p{Cc}(?<!\n)/u)
})

test('counts the columns of wide characters', () => {
  const text = table(['名前', 'n'], [['学習', 1]])
  assert.is(new Set(lines(text).map((line) => stringWidth(line))).size, 1)
  const cut = lines(table(['名前'], [['学習'.repeat(20)]], 30)).slice(0, -1)
  assert.ok(cut.every((line) => stringWidth(line) <= 30))
  assert.match(cut.join(''), /学.*….*習/)
})

test('has room for more rows than a call takes arguments', () => {
  const many = Array.from({length: 150_000}, (_, row) => [`run ${row}`, row])
  const text = table(['name', 'step'], many)
  assert.is(lines(text).length, many.length + 4)
  assert.match(text, '│ run 149999 │ 149999 │')
  const borders = lines(text).filter((line) => !line.startsWith('│'))
  assert.equal(
    borders.map((line) => line[0]),
    ['┌', '├', '└'],
  )
})

test.run()

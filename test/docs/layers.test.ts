import {readFileSync} from 'node:fs'
import type * as tf from '@tensorflow/tfjs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {layerReaders} from '../../src/layers/index.js'
import {zoo} from '../support/layer-zoo.js'
import {codeWords, tableAfter} from '../support/markdown.js'

const page = 'docs/layers.md'
const test = suite('docs/layers.md')

const measured = tableAfter(page, '| layer | pieces |')
const others = tableAfter(page, '| layer | what becomes of it |')
const specimens = new Map(zoo.map((specimen) => [specimen.name, specimen]))

/** The classes of a model's layers, those of nested models included. */
function classesOf(model: tf.LayersModel): string[] {
  return model.layers.flatMap((layer) => {
    const nested = (layer as unknown as tf.LayersModel).layers
    return [layer.getClassName(), ...(nested ? classesOf(layer as unknown as tf.LayersModel) : [])]
  })
}

test('names tests by what they are called', () => {
  const rows = tableAfter(page, '| column | test |')
  assert.ok(rows.length > 0)
  for (const [, cell = ''] of rows) {
    const source = readFileSync(codeWords(cell)[0]!, 'utf8')
    for (const [, name = ''] of cell.matchAll(/"([^"]+)"/g)) {
      const template = name.replace(/\b(l2|linf)\b/, () => `$\{norm}`)
      assert.ok(source.includes(`'${name}'`) || source.includes(`\`${template}\``), name)
    }
  }
})

test('lists exactly the layers that can be read', () => {
  const listed = [...measured, ...others].map(([cell = '']) => codeWords(cell)[0]!)
  assert.equal(listed.toSorted(), Object.keys(layerReaders).toSorted())
})

for (const row of measured) {
  const [cell = ''] = row
  const [layer = ''] = codeWords(cell)
  test(`${layer}: its cases have such a layer`, () => {
    const cases = codeWords(row.at(-1)!)
    assert.ok(cases.length > 0)
    for (const name of cases) {
      const specimen = specimens.get(name)
      assert.ok(specimen, `no case is called ${name}`)
      assert.ok(classesOf(specimen.build(1)).includes(layer), `${name} has no ${layer}`)
    }
    assert.equal(row.slice(2, -1), ['exact', 'sound', 'sound', 'sound', 'sound'])
  })
}

for (const table of [others, tableAfter(page, '| activation | pieces |')]) {
  test('the other tables name cases or tests that exist', () => {
    const names = table.flatMap((row) => codeWords(row.at(-1)!))
    const unknown = names.filter((name) => !specimens.has(name) && !/\.test\.ts$/.test(name))
    assert.equal(
      unknown,
      ['Dropout'].filter((name) => names.includes(name)),
    )
  })
}

test.run()

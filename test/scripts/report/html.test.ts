import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {html, trusted} from '../../../scripts/report/html.js'

const test = suite('html')

test('escapes what is put in, and nothing else', () => {
  const hostile = `<script>alert("1" + '2')</script> & \0`
  const escaped = '&lt;script&gt;alert(&quot;1&quot; + &#39;2&#39;)&lt;/script&gt; &amp; \ufffd'
  assert.is(html`<p title="${hostile}">${hostile}</p>`.html, `<p title="${escaped}">${escaped}</p>`)
})

test('puts pieces and lists of them together as they are', () => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`)
  assert.is(html`<ul>${items}</ul>`.html, '<ul><li>a</li><li>&lt;b&gt;</li></ul>')
  assert.is(html`${1}${null}${undefined}${trusted('<i>')}${[['x'], 'y']}`.html, '1<i>xy')
  assert.is(html`a\n${'\\'}`.html, 'a\n\\')
})

test.run()

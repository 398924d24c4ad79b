/** A piece of HTML that is safe to put into a page. */
export interface Html {
  readonly html: string
}

type Part = string | number | null | undefined | Html | readonly Part[]

/**
 * HTML with what is put into it escaped: texts and numbers as text, also inside attributes in double
 * quotes; pieces of HTML and lists of them as they are.
 *
 * @example
 * html`<p>${'a < b'}</p>`.html // '<p>a &lt; b</p>'
 */
export function html(markup: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return {html: String.raw({raw: markup}, ...parts.map(textOf))}
}

/** HTML that comes from somewhere trusted, such as a figure that was drawn here. */
export const trusted = (markup: string): Html => ({html: markup})

function textOf(part: Part): string {
  if (part === null || part === undefined) return ''
  if (Array.isArray(part)) return part.map(textOf).join('')
  if (typeof part === 'object') return (part as Html).html
  return String(part).replaceAll(/[&<>"'\0]/g, (sign) => entities[sign]!)
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\0': '\ufffd',
}

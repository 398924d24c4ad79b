/** A value as an error message shows it, whatever it is; long ones are cut. */
export function show(value: unknown): string {
  if (typeof value === 'function') return `a function (${value.name || 'anonymous'})`
  if (value === null || !['object', 'string'].includes(typeof value)) return String(value)
  let text = Object.prototype.toString.call(value)
  try {
    text = JSON.stringify(value) ?? text
  } catch {
    // JSON does not hold it; not every object becomes a text either
  }
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

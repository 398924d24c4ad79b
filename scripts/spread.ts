/**
 * Some of a list, evenly spread over it, the first and the last among them; all of a shorter list.
 *
 * @example
 * spread([0, 1, 3, 11, 38, 126], 3) //-> [0, 11, 126]
 */
export function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (count === 0 || items.length === 0) return []
  const last = items.length - 1
  const places = Array.from({length: count}, (_, index) =>
    Math.round((index * last) / Math.max(1, count - 1)),
  )
  return [...new Set(places)].map((place) => items[place]!)
}

/** Splits a list by a key, the parts in the order in which their keys first occur. */
export function partition<Item>(items: readonly Item[], key: (item: Item) => unknown): Item[][] {
  const parts = new Map<unknown, Item[]>()
  for (const item of items) {
    const part = parts.get(key(item))
    if (part) part.push(item)
    else parts.set(key(item), [item])
  }
  return [...parts.values()]
}

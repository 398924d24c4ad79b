/** Calls `make` at first use and remembers what it made. */
export function once<T>(make: () => T): () => T {
  let made: {readonly value: T} | undefined
  return () => {
    made ??= {value: make()}
    return made.value
  }
}

/**
 * Calls `make` once for each key and remembers what it made, as long as the key lives. Whatever else `make` needs must be the
 * same each time.
 *
 * ```ts
 * const sizeOf = onceFor((list: number[], unit: string) => `${list.length} ${unit}`)
 * ```
 */
export function onceFor<Key extends object, Rest extends unknown[], T>(
  make: (key: Key, ...rest: Rest) => T,
): (key: Key, ...rest: Rest) => T {
  const made = new WeakMap<Key, {readonly value: T}>()
  return (key, ...rest) => {
    const before = made.get(key)
    if (before) return before.value
    const value = make(key, ...rest)
    made.set(key, {value})
    return value
  }
}

import {closeSync, fstatSync, statSync} from 'node:fs'

// On POSIX a process loses all of its locks on a file as soon as it closes any descriptor of that file. SQLite
// minds that of its own descriptors; those of others have to wait until it has none open.

/** How often SQLite has each file open in this process, and whose descriptors wait for it. */
const open = new Map<string, {handles: number; waiting: number[]}>()

/**
 * Says that SQLite has opened a file in this process.
 *
 * @returns says that it has closed it
 */
export function sqliteOpened(path: string): () => void {
  const file = statSync(path, {bigint: true, throwIfNoEntry: false})
  if (!file) return () => {}
  const key = `${file.dev} ${file.ino}`
  const own = open.get(key) ?? {handles: 0, waiting: []}
  open.set(key, own)
  own.handles++
  let isOpen = true
  return () => {
    if (!isOpen) return
    isOpen = false
    own.handles--
    if (own.handles > 0) return
    open.delete(key)
    for (const descriptor of own.waiting) closeSync(descriptor)
  }
}

/** Closes the descriptor of a file that may be SQLite's: not before SQLite has closed it. */
export function closeBesideSqlite(descriptor: number): void {
  const {dev, ino} = fstatSync(descriptor, {bigint: true})
  const own = open.get(`${dev} ${ino}`)
  if (own) own.waiting.push(descriptor)
  else closeSync(descriptor)
}

import {existsSync, readdirSync} from 'node:fs'
import {delimiter, join} from 'node:path'

/**
 * The folder with PostgreSQL's own programs (`initdb`, `postgres`): on the PATH, or where Debian,
 * Red Hat and Homebrew put them, the newest first. Undefined where there are none.
 */
export function postgresBinaries(): string | undefined {
  const places = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions('/usr/lib/postgresql', 'bin'),
    ...versions('/usr', 'bin', /^pgsql-/),
    ...versions('/opt/homebrew/opt', 'bin', /^postgresql@/),
    ...versions('/usr/local/opt', 'bin', /^postgresql@/),
  ]
  return places.find((place) =>
    ['initdb', 'postgres'].every((name) => existsSync(join(place, name))),
  )
}

function versions(folder: string, inside: string, names = /^\d/): string[] {
  if (!existsSync(folder)) return []
  const number = (name: string) => Number(/\d+/.exec(name)?.[0] ?? 0)
  return readdirSync(folder)
    .filter((name) => names.test(name))
    .sort((a, b) => number(b) - number(a))
    .map((name) => join(folder, name, inside))
}

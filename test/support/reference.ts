import {readdirSync, readFileSync} from 'node:fs'
import type {Reference} from './reference-model.js'

export * from './reference-model.js'

const folder = new URL('../reference/', import.meta.url)

export const references: readonly Reference[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')))

import type {Report} from './gather.js'

/** What a report holds, for programs: the page itself is for people. */
export function contentsOf(file: string, {runs, drawn, notDrawn, findings}: Report) {
  return {
    file,
    runs: runs.map(({id, name}) => ({id, name})),
    figures: drawn.map(({name, sql}) => ({name, sql})),
    notDrawn,
    findings,
  }
}

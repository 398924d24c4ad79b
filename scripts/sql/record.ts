import {type KyselyPlugin, SqliteQueryCompiler} from 'kysely'
import type {LogReader} from '../select-runs.js'
import {layOut} from './lay-out.js'

/** A log that remembers what it was asked. */
export interface RecordedLog extends LogReader {
  /** Each question once, as SQL that runs as it stands. */
  readonly asked: () => readonly string[]
}

/**
 * Wraps a log so that the SQL of every query through its `db` is kept, with values spelled out where
 * they would be bound.
 *
 * @example
 * const recorded = recordSql(log)
 * await drawFigure(recorded, 'training')
 * recorded.asked() // ['select name, seed, ...\nfrom snapshots ...']
 */
export function recordSql({db, path}: LogReader): RecordedLog {
  const asked = new Set<string>()
  const plugin: KyselyPlugin = {
    transformQuery({node, queryId}) {
      asked.add(layOut(new SpellingCompiler().compileQuery(node, queryId).sql))
      return node
    },
    transformResult: async ({result}) => result,
  }
  return {path, db: db.withPlugin(plugin), asked: () => [...asked]}
}

class SpellingCompiler extends SqliteQueryCompiler {
  protected override appendValue(value: unknown): void {
    this.appendImmediateValue(value)
  }
}

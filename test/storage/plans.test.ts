import {sql} from 'kysely'
import * as assert from 'uvu/assert'
import type {Log} from '../../storage/index.js'
import {type DatabaseName, databaseSuite} from '../support/databases.js'
import {questions} from './questions.js'
import {sampleRun, sampleSnapshot, withLog} from './sample.js'

const plans = databaseSuite('plans of queries')

/** One step of a plan that reads a table; `isIndexed`: it finds its rows by an index. */
interface Reading {
  readonly said: string
  readonly isIndexed: boolean
}

const planners: Record<DatabaseName, (log: Log, text: string) => Promise<Reading[]>> = {
  async SQLite({db}, text) {
    const indexed =
      /^SEARCH \w+ USING ((COVERING )?INDEX (sqlite_autoindex_\w+_1|runs_name)|PRIMARY KEY) \(/
    const {rows} = await sql.raw<{detail: string}>(`explain query plan ${text}`).execute(db)
    return (
      rows
        .map(({detail}) => ({said: detail, isIndexed: indexed.test(detail)}))
        // it may sort what was found
        .filter(({said}) => !said.startsWith('USE TEMP B-TREE FOR'))
    )
  },
  PostgreSQL: ({db}, text) =>
    db.transaction().execute(async (transaction) => {
      // it reads small tables as a whole, whatever indexes they have
      await sql`set local enable_seqscan = off`.execute(transaction)
      const {rows} = await sql.raw<Explained>(`explain (format json) ${text}`).execute(transaction)
      const [{Plan}] = JSON.parse(rows[0]!['QUERY PLAN']) as [{Plan: PlanNode}]
      return readingsOf(Plan)
    }),
}

interface Explained {
  readonly 'QUERY PLAN': string
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  /** Without one, a scan of an index reads all of it. */
  readonly 'Index Cond'?: string
  readonly 'Recheck Cond'?: string
  readonly Plans?: readonly PlanNode[]
}

function readingsOf(node: PlanNode): Reading[] {
  const below = (node.Plans ?? []).flatMap(readingsOf)
  if (node['Relation Name'] === undefined) return below
  const condition = node['Index Cond'] ?? node['Recheck Cond']
  const said = `${node['Node Type']} on ${node['Relation Name']}: ${condition}`
  return [{said, isIndexed: condition !== undefined}, ...below]
}

/** As many runs as it takes for an index to be worth it to a planner that counts. */
async function fillLog(log: Log, database: DatabaseName): Promise<string> {
  for (let run = 0; run < (database === 'SQLite' ? 0 : 20); run++) {
    const id = await log.startRun(sampleRun({name: `run ${run}`}))
    for (const step of [0, 1, 2]) await log.writeSnapshot(id, sampleSnapshot(step))
  }
  const id = await log.startRun(sampleRun({name: 'NAME'}))
  await log.writeSnapshot(id, sampleSnapshot(0))
  if (database === 'PostgreSQL') await sql`analyze`.execute(log.db)
  return id
}

plans('find what is asked of one run by indexes, whatever else is in the log', (database) =>
  withLog(async (log) => {
    const id = await fillLog(log, database)
    for (const {name, text} of questions(id, 'NAME')) {
      const readings = await planners[database](log, text)
      assert.ok(readings.length > 1, name)
      // none reads a whole table or makes an index
      const others = readings.filter(({isIndexed}) => !isIndexed).map(({said}) => said)
      assert.equal(others, [], name)
    }
  }),
)

plans('read the whole table where there is no index: the test above would see it', (database) =>
  withLog(async (log) => {
    await fillLog(log, database)
    const readings = await planners[database](log, "select * from runs where host = 'x'")
    assert.equal(
      readings.map(({isIndexed}) => isIndexed),
      [false],
    )
  }),
)

plans.run()

import {emptyLog, syntheticRun} from '../figures/synthetic-log.js'

/** Would change the page's title if it were ever taken for markup, wherever it stands. */
export const hostile = `</title></style></svg></pre>"'><script>document.title = 'taken'</script><img src="x" onerror="document.title = 'taken'"><!--`

/** A log in which every text that a user can choose is hostile; the path of its file. */
export async function hostileLog(): Promise<string> {
  const log = await emptyLog()
  const {path} = log
  for (const seed of [1, 2]) {
    await syntheticRun(log, {
      name: `run ${hostile}`,
      seed,
      steps: [0, 1, 63],
      points: 5,
      groups: ['train', `group ${hostile}`],
    })
  }
  const text = JSON.stringify(hostile)
  await log.db
    .updateTable('runs')
    .set({
      error: hostile,
      device: hostile,
      backend: hostile,
      host: hostile,
      git_commit: hostile,
      tfjs_version: hostile,
      node_version: hostile,
      package_version: hostile,
      config: `{${text}: ${text}}`,
      argv: `[${text}]`,
      environment: `{"refused": [{"name": ${text}, "why": ${text}}]}`,
    })
    .execute()
  await log.db.updateTable('layers').set({name: hostile, class: hostile}).execute()
  await log.db.updateTable('measures').set({unit: hostile}).execute()
  await log.db
    .updateTable('snapshots')
    .set({metrics: `{${text}: 0.5}`, reason: hostile})
    .execute()
  for (const table of ['bounds', 'layer_bounds', 'summaries'] as const) {
    await log.db
      .updateTable(table)
      .set({radius_rule: `rule ${hostile}`})
      .where('radius_rule', '=', 'median-pair*0.001')
      .execute()
  }
  await log.close()
  return path
}

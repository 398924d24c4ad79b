import {type Accuracy, measureAccuracy} from './accuracy.js'
import type {BackendFacts} from './backend.js'
import {describeSpeed, type Speed} from './matmul-rate.js'

/** What is written into the run's row of the backend that was chosen, and what the table of all backends says of it. */
export type Proved = BackendFacts & Speed & Accuracy

/** What a child process can be asked to do with a backend that has passed the self-test. */
export const tasks = {
  /** What it is, how precise and roughly how fast: a fraction of a second. */
  prove: (facts: BackendFacts) => describe(facts, undefined),
  /** The same, with a rate of large products: seconds. */
  measure: (facts: BackendFacts) => describe(facts, {size: 1024}),
}

async function describe(facts: BackendFacts, product: {size: number} | undefined): Promise<Proved> {
  return {...facts, ...(await describeSpeed(product)), ...(await measureAccuracy())}
}

export type TaskName = keyof typeof tasks
export type TaskResult<Task extends TaskName> = Awaited<ReturnType<(typeof tasks)[Task]>>

import {type Accuracy, measureAccuracy} from './accuracy.js'
import type {BackendFacts} from './backend.js'
import {describeSpeed, type Speed} from './matmul-rate.js'

/** What is written into the run's row of the backend that was chosen. */
export type Proved = BackendFacts & Speed

/** What the table of all backends says of one that works. */
export type Measured = Proved & Accuracy

/** What a child process can be asked to do with a backend that has passed the self-test. */
export const tasks = {
  /** What it is and roughly how fast: a fraction of a second. */
  prove: async (facts: BackendFacts): Promise<Proved> => ({...facts, ...(await describeSpeed())}),
  /** How fast and how precise it is: seconds. */
  measure: async (facts: BackendFacts): Promise<Measured> => ({
    ...facts,
    ...(await describeSpeed({size: 1024})),
    ...(await measureAccuracy()),
  }),
}

export type TaskName = keyof typeof tasks
export type TaskResult<Task extends TaskName> = Awaited<ReturnType<(typeof tasks)[Task]>>

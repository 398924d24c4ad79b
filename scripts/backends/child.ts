/** Does one task with one backend in a process of its own, and sends its parent what came of it. */
import {backends} from './index.js'
import {silenceGreeting} from './quiet.js'
import {selfTest} from './self-test.js'
import {type TaskName, tasks} from './tasks.js'

const [name, task] = process.argv.slice(2)
const backend = backends.find((each) => each.name === name)!
try {
  silenceGreeting()
  const facts = await backend.load()
  await selfTest()
  process.send?.({result: await tasks[task as TaskName](facts)})
} catch (error) {
  const {message} = error as Error
  process.send?.({why: message.trim().split('\n')[0]})
}
// Some backends keep the process alive; nothing is left to do.
process.disconnect?.()
setTimeout(() => process.exit(), 1000).unref()

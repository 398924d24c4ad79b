/** Loads and tests one backend in a process of its own, and sends its parent what came of it. */
import {backends} from './index.js'
import {silenceGreeting} from './quiet.js'
import {selfTest} from './self-test.js'

const backend = backends.find(({name}) => name === process.argv[2])!
try {
  silenceGreeting()
  await backend.load()
  await selfTest()
  process.send?.({works: true})
} catch (error) {
  const {message} = error as Error
  process.send?.({works: false, why: message.trim().split('\n')[0]})
}
// Some backends keep the process alive; nothing is left to do.
process.disconnect?.()
setTimeout(() => process.exit(), 1000).unref()
